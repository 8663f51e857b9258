import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { takeFolderLock } from './folder-lock.ts';

let root = '';
let locks = 0;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-lock-'));
});
after(() => rm(root, { recursive: true }));
const freshLock = () => path.join(root, `lock-${locks++}.json`);

/** A process of its own that tries to take the lock, as another start of Verdict does, and lives until it is killed. */
async function other(file: string) {
  const module = new URL('./folder-lock.ts', import.meta.url).href;
  const body = `import { takeFolderLock } from '${module}';
    process.on('disconnect', () => process.exit());
    takeFolderLock(${JSON.stringify(file)}, 'x').then(() => process.send(true), () => process.send(false));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', body], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [taken] = await once(child, 'message');
  return {
    pid: child.pid,
    taken: taken as boolean,
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

test('a lock of a living process is respected, and taken over once that was killed', async () => {
  const file = freshLock();
  const holder = await other(file);
  assert.equal(holder.taken, true);
  try {
    await assert.rejects(takeFolderLock(file, '/data'), {
      name: 'StartError',
      message: `Verdict already runs on /data (process ${holder.pid}). Stop it first, or set VERDICT_DATA.`,
    });
  } finally {
    await holder.kill();
  }
  const lock = await takeFolderLock(file, '/data');
  await lock.release();
  await assert.rejects(readFile(file), { code: 'ENOENT' });
});

test('the same process does not get a lock twice', async () => {
  const file = freshLock();
  const lock = await takeFolderLock(file, '/data');
  await assert.rejects(takeFolderLock(file, '/data'), { name: 'StartError' });
  await lock.release();
  await (await takeFolderLock(file, '/data')).release();
});

test('a lock whose process id belongs to another process by now is taken over', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells when a process was started');
  const file = freshLock();
  await writeFile(file, JSON.stringify({ pid: process.ppid, born: 'another life/17' }));
  await (await takeFolderLock(file, '/data')).release();
});

test('a lock that cannot be read, as after a power cut, is taken over', async () => {
  for (const text of ['', '{"pid":', '{"pid":0}', '{"pid":99999999}']) {
    const file = freshLock();
    await writeFile(file, text);
    await (await takeFolderLock(file, '/data')).release();
  }
});

test('of many who take a stale lock at once exactly one gets it', async () => {
  const file = freshLock();
  await writeFile(file, '{"pid":99999999}');
  const all = await Promise.all(Array.from({ length: 4 }, () => other(file)));
  await Promise.all(all.map((one) => one.kill()));
  assert.equal(all.filter(({ taken }) => taken).length, 1);
});

test('nothing is left beside a lock that was released', async () => {
  const file = freshLock();
  await (await takeFolderLock(file, '/data')).release();
  assert.deepEqual(
    (await readdir(root)).filter((name) => name.startsWith(path.basename(file))),
    [],
  );
});
