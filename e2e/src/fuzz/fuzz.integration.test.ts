import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportLines, violationsOf } from './fuzz-report.ts';
import { runFuzz } from './run-fuzz.ts';

test('10,000 bad requests make no 5xx, no crash and no growth, and every refusal says why', async (context) => {
  const report = await runFuzz(
    { requests: 10_000, seed: 8, atOnce: 24 },
    { tell: () => undefined, signal: context.signal },
  );
  for (const line of reportLines(report)) context.diagnostic(line);
  assert.deepEqual(violationsOf(report), []);
  assert.equal(report.requests, 10_000);
});
