import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openLog, trimLogs } from './log-file.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-logs-'));
});
after(() => rm(root, { recursive: true }));

test('a log goes on where it was, until it is too large', async () => {
  const file = path.join(root, 'gateway.log');
  for (const text of ['one\n', 'two\n', 'three\n']) {
    const log = openLog(file, 6);
    log.write(text);
    log.close();
  }
  assert.equal(await readFile(`${file}.1`, 'utf8'), 'one\ntwo\n');
  assert.equal(await readFile(file, 'utf8'), 'three\n');
});

test('a log that grows too large while it is written is begun anew, and its writer goes on', async () => {
  const folder = await mkdtemp(path.join(root, 'l-'));
  const file = path.join(folder, 'shop.log');
  await writeFile(path.join(folder, 'small.log'), 'x');
  const log = openLog(file);
  log.write('a long line\n');
  trimLogs(folder, 10);
  log.write('next\n');
  log.close();
  assert.equal(await readFile(file, 'utf8'), 'next\n');
  assert.equal(await readFile(`${file}.1`, 'utf8'), 'a long line\n');
  assert.equal(existsSync(path.join(folder, 'small.log.1')), false);
});

test('a full disk takes lines of a log, but nothing else', (t) => {
  if (!existsSync('/dev/full')) return t.skip('there is no /dev/full here');
  const log = openLog('/dev/full');
  log.write('lost\n');
  log.close();
});
