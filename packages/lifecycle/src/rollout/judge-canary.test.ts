import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnalysisSpec } from '@verdict/contracts';
import { judgeCanary } from './judge-canary.ts';
import { poissonTail } from './poisson-tail.ts';
import { canary, run } from './rollout.fixture.ts';

const judge = (candidate = run(1000), more: Partial<Parameters<typeof judgeCanary>[0]> = {}) =>
  judgeCanary(canary({ candidate, ...more }), AnalysisSpec.parse({}));

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

test('a little too many in each analysis are too many in all', () => {
  const some = canary({ candidate: run(300, 10) });
  const spec = AnalysisSpec.parse({});
  const first = judgeCanary(some, spec);
  assert.deepEqual([first.outcome, first.totals.anomalies, first.totals.readings], ['passed', 3, 300]);
  const third = judgeCanary(some, spec, judgeCanary(some, spec, first.totals).totals);
  assert.equal(third.outcome, 'failed');
  assert.deepEqual(third.reasons, [
    'in the whole rollout 9 anomalies in 900 readings, 0.9 expected of the champion',
  ]);
});

test('what the champion alarms at on the same readings is no fault of the candidate', () => {
  assert.equal(judge(run(1000, 20), { beside: run(1000, 15) }).outcome, 'passed');
  assert.equal(judge(run(1000, 20), { past: run(1000, 15) }).outcome, 'passed');
});

test('in a flood a candidate may be louder than the champion once was, but hardly louder than it is now', () => {
  const flood = { lately: run(10_000, 20, { alarms: 3000 }) };
  assert.equal(judge(run(5000, 10), flood).outcome, 'passed');
  assert.equal(judge(run(5000, 10)).outcome, 'failed');
  assert.equal(judge(run(5000, 40), flood).outcome, 'failed');
  assert.equal(judge(run(5000, 1, { alarms: 4000 }), flood).outcome, 'failed');
});

test('readings that stay in alarm fail without opening many anomalies', () => {
  const { outcome, reasons } = judge(run(1000, 1, { alarms: 900 }));
  assert.deepEqual([outcome, reasons], ['failed', ['90 % of its readings in alarm, at most 20 % allowed']]);
});

test('errors that the champion does not make fail', () => {
  assert.equal(judge(run(1000, 1, { errors: 5 })).outcome, 'failed');
  assert.equal(judge(run(1000, 1, { errors: 5 }), { past: run(1000, 1, { errors: 5 }) }).outcome, 'passed');
});

test('errors fail at once when not one reading was scored', () => {
  const { outcome, reasons } = judge(run(0, 0, { errors: 3 }), { toMs: 1000 });
  assert.deepEqual(
    [outcome, reasons],
    ['failed', ['scoring with it failed 3 times, and not one reading was scored']],
  );
});

test('a candidate that keeps everything quiet fails, unless the stream is loud for the champion too', () => {
  const blind = run(1000, 0, { quieted: 300 });
  const { outcome, reasons } = judge(blind);
  assert.equal(outcome, 'failed');
  assert.match(reasons[0] ?? '', /^30 % of its readings kept quiet as false alarms, at most 5 % allowed/);
  assert.equal(judge(run(1000, 0, { quieted: 40 })).outcome, 'passed');
  assert.equal(judge(blind, { past: run(1000, 1, { alarms: 150 }) }).outcome, 'passed');
  assert.equal(judge(blind, { lately: run(1000, 1, { alarms: 50, quieted: 60 }) }).outcome, 'passed');
});

test('a candidate that nobody serves fails at the deadline, not for what was scored before it took over', () => {
  const late = { toMs: 600_000 };
  assert.equal(judge(run(0), { toMs: 599_000, scoredByOthers: 5000 }).outcome, 'waiting');
  const instead = judge(run(0), { ...late, scoredByOthers: 5000 });
  assert.deepEqual(instead.reasons, ['no reading was scored while other versions scored 5000 in its place']);
  assert.equal(judge(run(0), { ...late, scoredByOthers: 20 }).outcome, 'waiting');
  assert.equal(judge(run(5), { ...late, waitingEvents: 3 }).outcome, 'waiting');
  assert.equal(judge(run(5), { ...late, waitingEvents: 600 }).outcome, 'failed');
  assert.equal(judge(run(0), { ...late, waitingEvents: 600, watchedMs: 2000 }).outcome, 'waiting');
});
