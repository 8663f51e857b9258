import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseInterpretation } from './interpretation.ts';
import { readIntervalLabels } from './interval-labels.ts';
import { readNabWindows, windowRows } from './nab-windows.ts';

async function json(context: TestContext, content: unknown): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'verdict-bench-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'labels.json');
  await writeFile(file, JSON.stringify(content));
  return file;
}

test('the end of an explained stretch is the end of the label that begins with it', () => {
  const read = parseInterpretation('10-13:1,3\n20-25:2\n', [[10, 12]]);
  assert.deepEqual(read, [
    { rows: [10, 12], signals: [0, 2] },
    { rows: [20, 25], signals: [1] },
  ]);
  assert.throws(() => parseInterpretation('10:1', []), /"10:1" is no interpretation/);
});

test('intervals and windows are read, and what is none of them is named', async (context) => {
  const intervals = await readIntervalLabels(
    await json(context, { 'a.test': [{ rows: [3, 5], start: 'x' }] }),
  );
  assert.deepEqual(intervals.get('a.test'), [[3, 5]]);
  await assert.rejects(readIntervalLabels(await json(context, { a: [{ rows: [3] }] })), /needs "rows"/);
  const windows = await readNabWindows(
    await json(context, { 'c/a.csv': [['1970-01-01 00:00:01.000000', '1970-01-01 00:00:03.000000']] }),
  );
  const times = Float64Array.of(0, 1000, 2000, 3000, 4000);
  assert.deepEqual(windowRows(times, windows.get('c/a.csv') ?? [], 'a'), [[1, 3]]);
  assert.throws(() => windowRows(times, [[500, 3000]], 'c/a.csv'), /c\/a\.csv has no rows/);
  await assert.rejects(readNabWindows(await json(context, { a: [['never', 'x']] })), /needs two time stamps/);
});
