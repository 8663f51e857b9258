import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from './child.ts';

let root = '';
let scripts = 0;
const pids: number[] = [];
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-child-'));
});
after(async () => {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  await rm(root, { recursive: true });
});

const processPackage = import.meta.resolve('@verdict/process');

async function script(body: string): Promise<string> {
  const file = path.join(root, `part-${scripts++}.mjs`);
  await writeFile(file, body);
  return file;
}

async function start(body: string, env: Record<string, string> = {}) {
  const file = await script(body);
  const log = `${file}.log`;
  const child = startChild({ name: 'part', script: file, args: ['one'], env }, log);
  pids.push(child.pid);
  return { child, log };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function eventually(check: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await check())) {
    assert.ok(performance.now() < untilMs, 'it did not happen in time');
    await sleep(50);
  }
}

const serving = `import { runProcess, announceListening } from '${processPackage}';
  runProcess('part', async () => { setInterval(() => {}, 1000); announceListening(4711); return async () => {}; });`;

test('a child tells its port, gets only what it is given, and stops on SIGTERM', async () => {
  process.env.VERDICT_SECRET_OF_OURS = 'x';
  const { child, log } = await start(
    `console.log(JSON.stringify([process.argv[2], process.env.GIVEN, process.env.VERDICT_SECRET_OF_OURS ?? null]));\n${serving}`,
    { GIVEN: 'this' },
  );
  delete process.env.VERDICT_SECRET_OF_OURS;
  assert.equal(await child.listening, 4711);
  await child.stop(10_000);
  assert.equal(await child.exited, 0);
  assert.match(await readFile(log, 'utf8'), /^\["one","this",null\]/);
  assert.equal((await stat(log)).mode & 0o777, 0o600);
  await child.stop(10_000);
});

test('a child that ignores SIGTERM is killed after the grace', async () => {
  const { child } = await start(
    `process.on('SIGTERM', () => {}); process.send({ type: 'listening', port: 1 }); setInterval(() => {}, 1000);`,
  );
  await child.listening;
  await child.stop(100);
  assert.equal(await child.exited, null);
  assert.equal(isAlive(child.pid), false);
});

test('a halted child is killed too', async () => {
  const { child } = await start(serving);
  await child.listening;
  process.kill(child.pid, 'SIGSTOP');
  await child.stop(100);
  assert.equal(await child.exited, null);
});

test('a child that ends before it serves says why in its last words', async () => {
  const { child } = await start(
    `import { runProcess, StartError } from '${processPackage}';
     console.error('noise');
     runProcess('part', async ({ logger }) => { logger.info('trying'); throw new StartError('The disk is full.'); });`,
  );
  await assert.rejects(child.listening, /part ended before it served/);
  assert.equal(await child.exited, 1);
  assert.equal(child.lastWords(), 'The disk is full.');
});

test('last words tell the reason of an unexpected error, and plain lines as they are', async () => {
  const crashing = await start(
    `import { runProcess } from '${processPackage}';
     runProcess('part', async () => { throw new TypeError('no such thing'); });`,
  );
  await crashing.child.exited;
  assert.equal(crashing.child.lastWords(), 'ended by an unexpected error: no such thing');
  const plain = await start(`for (let i = 0; i < 9; i++) console.log('line ' + i); process.exit(2);`);
  assert.equal(await plain.child.exited, 2);
  assert.equal(plain.child.lastWords(), ['line 4', 'line 5', 'line 6', 'line 7', 'line 8'].join('\n'));
});

test('last words are of this run, not of the one before; a log that is gone has none', async () => {
  const file = await script('process.exit(1)');
  const log = `${file}.log`;
  await appendFile(log, 'of the run before\n');
  const child = startChild({ name: 'part', script: file, env: {} }, log);
  await child.exited;
  assert.equal(child.lastWords(), '');
  await rm(log);
  assert.equal(child.lastWords(), '');
});

test('children end when their parent is killed, also those that had not come to run yet', async () => {
  const file = await script(serving);
  const slow = await script(
    `await new Promise((resolve) => setTimeout(resolve, 2000)); await import(${JSON.stringify(file)});`,
  );
  const parent = await script(
    `import { startChild } from '${new URL('./child.ts', import.meta.url).href}';
     const quick = startChild({ name: 'quick', script: ${JSON.stringify(file)}, env: {} }, ${JSON.stringify(`${file}.log`)});
     const slow = startChild({ name: 'slow', script: ${JSON.stringify(slow)}, env: {} }, ${JSON.stringify(`${slow}.log`)});
     await quick.listening;
     process.send([quick.pid, slow.pid]);`,
  );
  const starter = spawn(process.execPath, [parent], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [children] = (await once(starter, 'message')) as [number[]];
  pids.push(...children);
  assert.ok(children.every(isAlive));
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  await eventually(() => !children.some(isAlive));
});
