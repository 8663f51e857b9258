import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const index = new URL('./index.ts', import.meta.url).href;
let folder = '';
const children: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdict-process-'));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** Starts a process whose `start` has this body; resolves when it says it listens, unless told not to wait. */
async function startChild(body: string, waitForListening = true, options = '{}') {
  const file = join(folder, `child-${children.length}.mjs`);
  await writeFile(
    file,
    `import { runProcess, announceListening, ConfigError, StartError } from '${index}';
     runProcess('child', async (context) => { ${body} }, ${options});`,
  );
  const child = fork(file, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.push(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Not 'close': it never comes after the parent itself has disconnected the channel.
  const stderrEnded = child.stderr === null ? null : once(child.stderr, 'end');
  const exited = once(child, 'exit').then(async ([code]) => {
    await stderrEnded;
    return { code: code as number | null, stderr };
  });
  if (waitForListening) await once(child, 'message');
  return { child, exited };
}

const keepRunning = 'setInterval(() => {}, 1000); announceListening(1);';

test('the first signal stops cleanly and exits with 0', async () => {
  const { child, exited } = await startChild(
    `${keepRunning} return async () => { process.stderr.write('stopped by hand\\n'); };`,
  );
  child.kill('SIGTERM');
  const { code, stderr } = await exited;
  assert.equal(code, 0);
  assert.match(stderr, /stopped by hand/);
});

test('a second signal exits at once', async () => {
  const { child, exited } = await startChild(
    `${keepRunning} return () => { process.send('stopping'); return new Promise(() => {}); };`,
  );
  child.kill('SIGINT');
  await once(child, 'message');
  child.kill('SIGINT');
  assert.equal((await exited).code, 130);
});

test('a stop that takes longer than the process was given ends it with 1', async () => {
  const { child, exited } = await startChild(
    `${keepRunning} return () => new Promise(() => {});`,
    true,
    '{ stopMs: 50 }',
  );
  child.kill('SIGTERM');
  const { code, stderr } = await exited;
  assert.equal(code, 1);
  assert.match(stderr, /did not stop within 50 ms/);
});

test('the end of the parent channel stops the process', async () => {
  const { child, exited } = await startChild(`${keepRunning} return async () => {};`);
  child.disconnect();
  assert.equal((await exited).code, 0);
});

test('an uncaught error ends the process with one log line', async () => {
  const { exited } = await startChild(
    `announceListening(1); setImmediate(() => { throw new Error('a bug'); }); return async () => {};`,
  );
  const { code, stderr } = await exited;
  assert.equal(code, 1);
  const lines = stderr.trim().split('\n');
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? '').err.message, 'a bug');
});

test('a wrong configuration ends the process with code 2 and its text', async () => {
  const { exited } = await startChild(`throw new ConfigError('VERDICT_PORT: no');`, false);
  assert.deepEqual(await exited, { code: 2, stderr: 'VERDICT_PORT: no\n' });
});

test('a start that cannot succeed ends with one sentence', async () => {
  const { exited } = await startChild(`throw new StartError('Port 1 is in use.');`, false);
  const { code, stderr } = await exited;
  assert.equal(code, 1);
  assert.equal(JSON.parse(stderr).msg, 'Port 1 is in use.');
});

test('a job ends the process with the code it asks for', async () => {
  const { exited } = await startChild('context.requestStop(3); return async () => {};', false);
  assert.equal((await exited).code, 3);
});
