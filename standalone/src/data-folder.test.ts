import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openDataFolder } from './data-folder.ts';

let root = '';
let folders = 0;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-data-'));
});
after(() => rm(root, { recursive: true }));
const freshFolder = () => path.join(root, `data-${folders++}`);
const refused = (message: RegExp) => ({ name: 'StartError', message });
const isRoot = process.getuid?.() === 0;

test('a new folder is made for us alone, and is known again at the next start', async () => {
  const folder = path.join(freshFolder(), 'deep');
  const first = await openDataFolder(folder);
  assert.equal(first.fresh, true);
  assert.equal((await stat(folder)).mode & 0o777, isRoot ? 0o711 : 0o700);
  assert.equal((await stat(await first.folder('secrets'))).mode & 0o777, 0o700);
  await assert.rejects(openDataFolder(folder), refused(/^Verdict already runs on .* \(process \d+\)\./));
  await first.release();
  const second = await openDataFolder(folder);
  assert.equal(second.fresh, false);
  await second.release();
  assert.deepEqual(await readdir(folder), ['secrets', 'version.json']);
});

test('a folder of a newer Verdict is left as it is', async () => {
  const folder = freshFolder();
  await mkdir(folder);
  await writeFile(path.join(folder, 'version.json'), '{"version":2}');
  await assert.rejects(
    openDataFolder(folder),
    refused(/written by a newer Verdict \(layout 2, this one knows 1\)/),
  );
  assert.deepEqual(await readdir(folder), ['version.json']);
});

test('a damaged version file is named, with what it should read', async () => {
  for (const text of ['', '{', '{"version":"one"}', 'null']) {
    const folder = freshFolder();
    await mkdir(folder);
    await writeFile(path.join(folder, 'version.json'), text);
    await assert.rejects(
      openDataFolder(folder),
      refused(/version\.json is damaged: it should read \{"version":1\}/),
    );
  }
});

test('a folder with other things in it is not taken', async () => {
  const folder = freshFolder();
  await mkdir(path.join(folder, 'photos'), { recursive: true });
  await assert.rejects(
    openDataFolder(folder),
    refused(/holds something else than data of Verdict \(photos, …\)/),
  );
  assert.deepEqual(await readdir(folder), ['photos']);
  const disk = freshFolder();
  await mkdir(path.join(disk, 'lost+found'), { recursive: true });
  await (await openDataFolder(disk)).release();
});

test('a start that was killed before it wrote its version is gone on with', async () => {
  const folder = freshFolder();
  await mkdir(folder);
  await writeFile(path.join(folder, 'running.json'), '{"pid":99999999}');
  const data = await openDataFolder(folder);
  assert.equal(data.fresh, true);
  assert.equal(JSON.parse(await readFile(path.join(folder, 'version.json'), 'utf8')).version, 1);
  await data.release();
});

test('a folder that cannot be made or written is refused in one sentence', async (t) => {
  const file = freshFolder();
  await writeFile(file, '');
  await assert.rejects(
    openDataFolder(path.join(file, 'data')),
    refused(/^The data folder .* cannot be made: ENOTDIR/),
  );
  await assert.rejects(openDataFolder(file), refused(/^The data folder .* cannot be made: EEXIST/));
  if (isRoot) return t.diagnostic('root may write everywhere: unwritable folders are not tried');
  const folder = freshFolder();
  await mkdir(folder);
  await chmod(folder, 0o500);
  await assert.rejects(openDataFolder(folder), refused(/cannot be used: EACCES/));
});

test('a disk with too little room is refused with numbers, before anything is written', async () => {
  const folder = freshFolder();
  const askDisk = async () => ({ bavail: 10_000, bsize: 4096 });
  await assert.rejects(
    openDataFolder(folder, askDisk),
    refused(
      /^The disk of .* is full: 39 MB are free, 300 MB are needed\. Free some space or set VERDICT_DATA/,
    ),
  );
  assert.deepEqual(await readdir(folder), []);
});

test('a real disk that is nearly full is noticed', async (t) => {
  const folder = freshFolder();
  await mkdir(folder);
  const run = promisify(execFile);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).catch(() => null);
  if (!mounted) return t.skip('no right to mount a small disk here');
  try {
    await assert.rejects(openDataFolder(folder), refused(/2 MB are free/));
  } finally {
    await run('umount', [folder]);
  }
});
