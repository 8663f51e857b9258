// The door to every command of a checkout: installs what is missing, then runs the command with the right Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDashboard } from './build-dashboard.mjs';
import { ensureInstalled, nodeBinary } from './install.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Each command: what Node is given (`words` come before those of the user), whether the dashboard must be built first,
 * and whether we alone get signals.
 */
const commands = {
  start: { script: ['standalone/src/main.ts'], dashboard: true, apart: true },
  test: { script: ['scripts/test.mjs'], dashboard: true },
  'test:kube': { script: ['scripts/test.mjs'], words: ['--suite=kube'] },
  check: { script: ['scripts/check.mjs'] },
  verdict: { script: ['cli/src/main.ts'] },
  images: { script: ['scripts/images/build.mjs'], dashboard: true },
  'bench:engine': { script: ['bench/src/engine/main.ts'] },
  'bench:history': { script: ['bench/src/history/main.ts'] },
  'bench:live': { script: ['bench/src/live/main.ts'] },
  'bench:operator': { script: ['bench/src/operator/main.ts'] },
  'bench:quality': { script: ['bench/src/quality/main.ts'] },
  'bench:stream': { script: ['bench/src/stream/main.ts'] },
  'proof:loop': { script: ['e2e/src/proof-loop/main.ts'] },
  'proof:stream': { script: ['e2e/src/proof-stream/main.ts'] },
  fuzz: { script: ['e2e/src/fuzz/main.ts'], dashboard: true },
  soak: { script: ['e2e/src/soak/main.ts'] },
  e2e: { script: ['e2e/src/proof-cluster/main.ts'] },
};

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command) throw new Error(`no command "${name}"; there are ${Object.keys(commands).join(', ')}`);
  await ensureInstalled(root);
  const node = nodeBinary(root);
  if (command.dashboard) ensureDashboard(root, node);
  const script = command.script.map((file) => path.join(root, file));
  // Windows gives a process that runs apart a window of its own, and knows no signals.
  const run = command.apart && process.platform !== 'win32' ? runApart : runInFront;
  process.exitCode = await run(node, [...script, ...(command.words ?? []), ...args]);
}

function environment(node) {
  return { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
}

/** A terminal's Ctrl-C reaches the child by itself: here it only must not end us. */
function runInFront(node, args) {
  const child = spawn(node, args, { stdio: 'inherit', env: environment(node) });
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return exitCode(child);
}

/**
 * The child hears of signals from us alone, each once: a second one would make it leave everything and go, and npm
 * and the terminal may both send the same. When we die, its channel closes and it stops too.
 */
function runApart(node, args) {
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  // Saves a third of the work of a start: what Node made of the sources last time.
  const NODE_COMPILE_CACHE = path.join(root, 'node_modules', '.cache', 'compiled');
  const env = { NODE_COMPILE_CACHE, ...environment(node) };
  const child = spawn(node, args, { stdio, env, detached: true });
  let passedAt = Number.NEGATIVE_INFINITY;
  const pass = (signal) => {
    if (performance.now() - passedAt < 500) return;
    passedAt = performance.now();
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
  // A shell between npm and us ends without a word when npm is asked to end.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
    clearInterval(watch);
    pass('SIGTERM');
  }, 500);
  child.on('exit', (_, signal) => {
    clearInterval(watch);
    if (signal) console.error(`Verdict was ended from outside (${signal}); its parts stop by themselves.`);
  });
  return exitCode(child);
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
