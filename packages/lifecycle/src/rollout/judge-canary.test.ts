import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnalysisSpec } from '@verdict/contracts';
import { judgeCanary } from './judge-canary.ts';
import { poissonTail } from './poisson-tail.ts';
import { run } from './rollout.fixture.ts';

const judge = (candidate = run(1000), more: Partial<Parameters<typeof judgeCanary>[0]> = {}) =>
  judgeCanary(
    { fromMs: 0, toMs: 60_000, candidate, past: run(10_000), beside: null, waitingEvents: 0, ...more },
    AnalysisSpec.parse({}),
  );

test('the Poisson tail agrees with known values', () => {
  assert.equal(poissonTail(0, 3), 1);
  assert.ok(Math.abs(poissonTail(1, 2) - (1 - Math.exp(-2))) < 1e-12);
  assert.ok(Math.abs(poissonTail(5, 1) - 0.003659846827343713) < 1e-12);
  assert.ok(Math.abs(poissonTail(1000, 1000) - 0.5) < 0.02);
  assert.equal(poissonTail(1, 0), 0);
  assert.equal(poissonTail(1e9, 10), 0);
});

test('rates like the champion’s pass, few readings wait', () => {
  assert.equal(judge().outcome, 'passed');
  assert.equal(judge(run(99)).outcome, 'waiting');
});

test('a few anomalies more than usual are chance, many are not', () => {
  assert.equal(judge(run(1000, 4)).outcome, 'passed');
  assert.equal(judge(run(1000, 7)).outcome, 'failed');
  assert.equal(judge(run(10, 500)).outcome, 'failed');
});

test('what the champion alarms at on the same readings is no fault of the candidate', () => {
  assert.equal(judge(run(1000, 20), { beside: run(1000, 15) }).outcome, 'passed');
  assert.equal(judge(run(1000, 20), { past: run(1000, 15) }).outcome, 'passed');
});

test('readings that stay in alarm fail without opening many anomalies', () => {
  const { outcome, reasons } = judge(run(1000, 1, { alarms: 900 }));
  assert.deepEqual([outcome, reasons], ['failed', ['90 % of its readings in alarm, at most 20 % allowed']]);
});

test('errors that the champion does not make fail', () => {
  assert.equal(judge(run(1000, 1, { errors: 5 })).outcome, 'failed');
  assert.equal(judge(run(1000, 1, { errors: 5 }), { past: run(1000, 1, { errors: 5 }) }).outcome, 'passed');
});
