import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distrust } from '../../platform/platform-views.fixture.ts';
import { factsOf, job, nowMs, run } from './model-facts.fixture.ts';
import { dueNow, trainingStep } from './training-step.ts';

const trust = distrust(3, 41, nowMs);
const history = run('history-0', 'succeeded');

test('a trigger that is due is recorded first', async () => {
  const step = trainingStep(await factsOf({ view: { trust } }));
  assert.ok(step?.kind === 'begin');
  assert.equal(step.trigger.triggerId, 'confidence-v3-41');
  assert.equal(trainingStep(await factsOf()), null);
});

test('a training that is recorded and has no Job gets it, whoever recorded it and whatever is due by now', async () => {
  const trainings = [run('confidence-v3-40', 'running'), history];
  const step = trainingStep(await factsOf({ view: { trust, trainings }, retrain: 'now' }));
  assert.deepEqual(step, { kind: 'create-job', triggerId: 'confidence-v3-40' });
});

test('while its Job runs there is nothing to do, and nothing else begins', async () => {
  const trainings = [run('a', 'running'), history];
  const jobs = [job('a')];
  assert.equal(trainingStep(await factsOf({ view: { trust, trainings }, jobs, retrain: 'now' })), null);
  assert.equal(trainingStep(await factsOf({ view: { trust }, jobs })), null);
});

test('a Job that ended without a word makes its training a failure', async () => {
  const trainings = [run('a', 'running'), history];
  for (const end of ['Complete', 'Failed'] as const) {
    const step = trainingStep(await factsOf({ view: { trainings }, jobs: [job('a', end)] }));
    assert.equal(step?.kind, 'fail');
  }
});

test('one whose Job is on record and has ended leaves room for the next', async () => {
  const trainings = [run('a', 'failed', { endedAt: new Date(nowMs - 7 * 3_600_000).toISOString() }), history];
  const step = trainingStep(await factsOf({ view: { trust, trainings }, jobs: [job('a', 'Failed')] }));
  assert.equal(step?.kind, 'begin');
});

test('the annotation asks once for each value, before what the platform was asked', async () => {
  const due = async (change: Parameters<typeof factsOf>[0]) => dueNow(await factsOf(change))?.triggerId;
  const asked = 'asked-by-a-person';
  assert.equal(await due({ retrain: 'now', view: { asked } }), 'asked-now');
  assert.equal(await due({ retrain: 'now', view: { asked }, status: { handledRetrain: 'now' } }), asked);
  assert.equal(await due({ retrain: 'now', view: { trainings: [run('asked-now', 'failed')] } }), undefined);
  assert.equal(await due({ retrain: 'now', usedTriggers: new Set(['asked-now']), view: { asked } }), asked);
  assert.equal(await due({ retrain: '' }), undefined);
  assert.match((await due({ retrain: 'please, at once' })) ?? '', /^asked-[0-9a-f]{32}$/);
});

test('an id that was used long ago is not used again', async () => {
  const usedTriggers = new Set(['confidence-v3-41']);
  assert.equal(trainingStep(await factsOf({ view: { trust }, usedTriggers })), null);
});
