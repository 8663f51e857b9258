import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportLines, violationsOf } from './report.ts';
import { runProof } from './run-proof.ts';
import { shortSize } from './scenario.ts';

test('nothing is lost, doubled or changed while every process is killed', {
  timeout: 600_000,
}, async (context) => {
  const report = await runProof(shortSize, (line) => context.diagnostic(line));
  for (const line of reportLines(report)) context.diagnostic(line);
  assert.deepEqual(violationsOf(report), []);
});
