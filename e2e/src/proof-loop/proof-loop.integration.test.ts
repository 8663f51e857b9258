import assert from 'node:assert/strict';
import { test } from 'node:test';
import { violationsOf } from './gates.ts';
import { reportLines } from './report.ts';
import { runSeed } from './run-seed.ts';
import { shortSize } from './size.ts';

test('verdicts change the model: fewer false alarms, as many real ones found, and poison is taken back', {
  timeout: 600_000,
}, async (context) => {
  const result = await runSeed(4, shortSize, (line) => context.diagnostic(line));
  for (const line of reportLines(result)) context.diagnostic(line);
  assert.deepEqual(violationsOf(result), []);
});
