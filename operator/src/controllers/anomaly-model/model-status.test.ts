import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startingState } from '@verdict/lifecycle';
import { distrust } from '../../platform/platform-views.fixture.ts';
import { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { conditionOf } from '../../resources/condition.ts';
import type { ModelFindings } from './model-conditions.ts';
import { ignoredRequest, modelEvents } from './model-events.ts';
import { factsOf, job, nowMs, run } from './model-facts.fixture.ts';
import type { ModelFacts } from './model-facts.ts';
import { modelStatus } from './model-status.ts';

const nothing: ModelFindings = {
  stalled: null,
  jobTrouble: null,
  handover: false,
  podWord: null,
};
const moment = { at: { nowMs, generation: 1 }, sinceMovedMs: 0 };
const statusOf = (facts: ModelFacts, found: Partial<ModelFindings> = {}) =>
  AnomalyModelStatus.parse(modelStatus(facts, { ...nothing, ...found }, moment));
const said = (status: AnomalyModelStatus, type: string): string => {
  const { status: holds, reason } = conditionOf(status.conditions ?? [], type) ?? {};
  return `${holds}/${reason}`;
};
const later = (
  facts: ModelFacts,
  status: AnomalyModelStatus,
  view: Partial<ModelFacts['view']>,
): ModelFacts => ({
  ...facts,
  owner: { ...facts.owner, status },
  view: { ...facts.view, ...view },
});
const reasons = (before: AnomalyModelStatus, after: AnomalyModelStatus) =>
  modelEvents(before, after).map(({ reason }) => reason);

test('a model that serves and has nothing to do', async () => {
  const status = statusOf(await factsOf());
  for (const [type, wanted] of [
    ['Ready', 'True/Serving'],
    ['Stalled', 'False/NothingInTheWay'],
    ['Trained', 'True/Learnt'],
    ['RetrainPending', 'False/NothingDue'],
    ['Training', 'False/Succeeded'],
    ['CandidateAccepted', 'True/Accepted'],
  ] as const)
    assert.equal(said(status, type), wanted);
  assert.deepEqual([status.pool, status.activeVersion, status.candidate], ['shop-model', 3, undefined]);
  assert.deepEqual(status.versions?.[0]?.message, 'found 20 of 20 events');
});

test('what says nothing new is the very status that there is', async () => {
  const facts = await factsOf({ view: { trust: distrust(3, 41, nowMs), champion: 3 } });
  const status = modelStatus(facts, nothing, moment);
  const again = { ...facts, owner: { ...facts.owner, status }, nowMs: nowMs + 3_600_000 };
  const at = { nowMs: nowMs + 3_600_000, generation: 1 };
  assert.equal(modelStatus(again, nothing, { at, sinceMovedMs: 3_600_000 }), status);
});

test('without a pool, or with one whose detectors are gone, it is not ready', async () => {
  const facts = await factsOf({ pool: null });
  assert.equal(said(statusOf(facts), 'Ready'), 'False/NoPool');
  const { pool } = await factsOf();
  assert.ok(pool);
  const left = { ...facts, pool: { ...pool, members: [] } };
  assert.equal(said(statusOf(left), 'Ready'), 'False/NoDetector');
  assert.equal(said(statusOf(left, { handover: true }), 'Ready'), 'True/Serving');
});

test('a training is told from its trigger to its end, one Event for each transition', async () => {
  const asked = 'asked-now';
  const facts = await factsOf({ retrain: 'now' });
  const idle = statusOf(facts);
  const old = facts.view.trainings;
  const pending = later(facts, idle, { trainings: [run(asked, 'running'), ...old] });
  const told = statusOf(pending);
  assert.deepEqual([told.lastTraining?.state, told.handledRetrain], ['pending', 'now']);
  assert.equal(said(told, 'RetrainPending'), 'True/JobToBeCreated');
  assert.deepEqual(reasons(idle, told), []);

  const running = statusOf({ ...later(pending, told, {}), jobs: [job(asked)] });
  assert.deepEqual(
    [running.lastTraining?.job, running.lastTraining?.reason],
    [job(asked).metadata.name, 'somebody wanted it'],
  );
  assert.equal(said(running, 'Training'), 'True/JobRuns');
  assert.deepEqual(reasons(told, running), ['TrainingStarted']);
  const waits = statusOf(
    { ...later(pending, running, {}), jobs: [job(asked)] },
    { podWord: 'waits: ErrImagePull' },
  );
  assert.equal(said(waits, 'Training'), 'True/JobWaits');

  for (const [state, reason] of [
    ['succeeded', 'TrainingSucceeded'],
    ['refused', 'CandidateRefused'],
    ['failed', 'TrainingFailed'],
  ] as const) {
    const ended = statusOf(
      later(pending, running, { trainings: [run(asked, state, { message: 'so' }), ...old] }),
    );
    assert.deepEqual(
      [ended.lastTraining?.state, ended.lastTraining?.job],
      [state, running.lastTraining?.job],
    );
    assert.deepEqual(reasons(running, ended), [reason]);
  }
});

test('a Job that cannot be created is told, and stalls only where trying again is no use', async () => {
  const facts = await factsOf({ view: { trainings: [run('a', 'running')] } });
  const jobTrouble = { reason: 'JobNotCreated', message: 'exceeded quota' };
  const status = statusOf(facts, { jobTrouble });
  assert.deepEqual(
    [said(status, 'Training'), said(status, 'Stalled')],
    ['False/JobNotCreated', 'False/NothingInTheWay'],
  );
  const stalled = statusOf(facts, { jobTrouble, stalled: jobTrouble });
  assert.deepEqual(
    [said(stalled, 'Stalled'), said(stalled, 'Ready')],
    ['True/JobNotCreated', 'True/Serving'],
  );
});

test('why nothing is trained though nobody trusts the model', async () => {
  const trust = distrust(3, 41, nowMs);
  const at = new Date(nowMs - 60_000).toISOString();
  const refused = await factsOf({
    view: { trust, trainings: [run('confidence-v3-41', 'refused', { endedAt: at })] },
  });
  assert.equal(said(statusOf(refused), 'RetrainPending'), 'True/BackingOff');
  const [known] = refused.view.versions;
  assert.ok(known);
  const waiting = await factsOf({ view: { trust, versions: [known, { ...known, version: 4 }] } });
  const status = statusOf(waiting);
  assert.equal(said(status, 'RetrainPending'), 'True/CandidateOnItsWay');
  assert.equal(status.candidate?.text, '4 · waits for its rollout');
  assert.equal(
    said(statusOf(await factsOf({ spec: { paused: true }, view: { trust } })), 'RetrainPending'),
    'True/Paused',
  );
});

test('a candidate is told with the step of its rollout', async () => {
  const facts = await factsOf();
  const { pool } = facts;
  assert.ok(pool);
  const state = {
    ...startingState(pool.plan, nowMs),
    phase: 'step' as const,
    champion: 3,
    candidate: 4,
    step: 1,
  };
  const { candidate } = statusOf({ ...facts, pool: { ...pool, rollout: { ...pool.rollout, state } } });
  assert.deepEqual(candidate, { version: 4, text: '4 · step 2 of 3' });
});

test('that confidence turned bad and that another version serves are told once', async () => {
  const facts = await factsOf();
  const idle = statusOf(facts);
  const bad = statusOf(later(facts, idle, { trust: distrust(3, 41, nowMs) }));
  assert.deepEqual(reasons(idle, bad), ['ConfidenceBad']);
  assert.deepEqual(reasons(bad, bad), []);
  const other = statusOf(later(facts, bad, { champion: 4, trust: distrust(3, 41, nowMs) }));
  assert.deepEqual(reasons(bad, other), ['VersionServes']);
});

test('a value of the annotation that was answered before is said to be no request', async () => {
  const trainings = [run('history-0', 'succeeded'), run('asked-now', 'failed')];
  const facts = await factsOf({ retrain: 'now', view: { trainings } });
  const status = statusOf(facts);
  assert.equal(status.handledRetrain, 'now');
  assert.deepEqual(
    ignoredRequest(facts, status).map(({ reason }) => reason),
    ['RequestIgnored'],
  );
});
