// Runs test files, some processes at once; what a process says is shown when it has ended (at
// once where only one runs), so that no two mix.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const endsWithinMs = 600_000;
const loader = fileURLToPath(new URL('load-files.mjs', import.meta.url));
const running = new Set();

/** Ends what still runs: the whole run is given up. */
export function endAll(signal) {
  for (const child of running) child.kill(signal);
}

/**
 * Runs groups of files, each in one process, `atOnce` at a time and in order. Gives a result for each group: its files,
 * whether all passed, how many did, and how long it took.
 */
export async function runFiles(groups, { root, env, atOnce }) {
  const results = [];
  const waiting = [...groups.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, files] = next;
      results[index] = await runGroup(files, { root, env, live: atOnce === 1 });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, groups.length) }, work));
  return results;
}

async function runGroup(files, { root, env, live }) {
  const startedMs = performance.now();
  const script = files.length === 1 ? files : [loader, ...files];
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(process.execPath, ['--test-reporter=spec', ...script], { cwd: root, env, stdio });
  running.add(child);
  let tail = '';
  const said = [];
  for (const [stream, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    stream.setEncoding('utf8').on('data', (text) => {
      if (live) to.write(text);
      else said.push([to, text]);
      if (to === process.stdout) tail = (tail + text).slice(-100_000);
    });
  // A test that has ended and leaves something open would keep its process for ever.
  const late = setTimeout(() => {
    said.push([process.stdout, `\n✖ ${files.join(', ')}: no end within ${endsWithinMs / 1000} s\n`]);
    child.kill('SIGKILL');
  }, endsWithinMs);
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearTimeout(late);
  running.delete(child);
  for (const [to, text] of said) to.write(text);
  const count = (key) => Number(new RegExp(`^ℹ ${key} (\\d+)`, 'm').exec(tail)?.[1] ?? 0);
  const counts = { pass: count('pass'), fail: count('fail') + count('cancelled'), skipped: count('skipped') };
  // Killed, or gone before it could count: a failure that no line tells.
  if (status !== 0 && counts.fail === 0) counts.fail = 1;
  return { files, ok: status === 0, ...counts, ms: performance.now() - startedMs };
}
