import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type ModelTrust, type ModelView } from '@verdict/contracts';
import { dueTrigger } from './trigger.ts';
import { triggerSituation } from './trigger-situation.ts';

const nowMs = Date.parse('2026-03-10T12:30:00.000Z');
const at = new Date(nowMs - 60_000).toISOString();
const idle = { champion: 3, candidate: null, lastAbort: null };

/** Most of the verdicts on this version say "false". */
function distrust(version: number): ModelTrust {
  const confidence = {
    state: 'bad' as const,
    mean: 0.2,
    low: 0.1,
    high: 0.31,
    tp: 4,
    fp: 20,
    judged: 24,
    contested: 0,
  };
  const quality = {
    precision: null,
    recall: null,
    labelCoverage: null,
    anomalies: 24,
    judged: 24,
    tp: 4,
    fp: 20,
    missed: 0,
  };
  const drift = { verdict: 'calm' as const, reason: 'no sign of drift', window: 7 };
  const verdicts = [{ sequence: 41, at }];
  return { at, version, confidence, signs: [], drift, quality, verdicts, versions: {} };
}

function model(more: Partial<ModelView> = {}, spec: object = {}): ModelView {
  const accepted = {
    version: 3,
    state: 'accepted' as const,
    createdAt: at,
    manifest: null,
    evaluation: null,
    servesSince: at,
  };
  return {
    namespace: 'default',
    name: 'shop',
    spec: AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 }, ...spec }),
    champion: 3,
    versions: [accepted],
    trainings: [],
    series: 1,
    readings: 5000,
    anomalies: { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 },
    trust: null,
    asked: null,
    ...more,
  };
}
/** The first training, long over. */
const trainings = [
  {
    triggerId: 'history-0',
    state: 'succeeded' as const,
    startedAt: at,
    endedAt: at,
    version: 3,
    message: '',
  },
];
const due = (view: ModelView, rollout: Parameters<typeof triggerSituation>[1] = idle) =>
  dueTrigger(triggerSituation(view, rollout, nowMs));

test('what people say of the champion starts a training', () => {
  assert.equal(due(model({ trust: distrust(3) }))?.triggerId, 'confidence-v3-41');
  assert.equal(due(model({ trust: distrust(3) }), null)?.triggerId, 'confidence-v3-41');
});

test('what they say of the version before it does not', () => {
  assert.equal(due(model({ trust: distrust(2) })), null);
});

test('without trust only requests, the schedule and the history start one', () => {
  assert.equal(due(model()), null);
  assert.equal(due(model({ asked: 'asked-1f' }))?.triggerId, 'asked-1f');
  assert.equal(due(model({ versions: [], champion: 0 }))?.kind, 'history');
  const spec = { training: { minimumReadings: 1000, every: '30s' } };
  assert.equal(due(model({ trainings }, spec))?.triggerId, 'schedule-2026-03-10T12:30:00.000Z');
});

test('a paused model is trained only when somebody asks, also for the first time', () => {
  const paused = { paused: true };
  assert.equal(due(model({ trust: distrust(3) }, paused)), null);
  assert.equal(due(model({ versions: [], champion: 0 }, paused)), null);
  assert.equal(due(model({ versions: [], champion: 0, asked: 'asked-2' }, paused))?.kind, 'asked');
});

test('while a candidate is on its way nothing starts by itself, even where it serves most partitions', () => {
  const [accepted] = model().versions;
  assert.ok(accepted);
  const versions = [accepted, { ...accepted, version: 4 }];
  const rollout = { ...idle, candidate: 4 };
  assert.equal(due(model({ versions, champion: 4, trust: distrust(3) }), rollout), null);
});

test('a rollout that was taken back an hour ago counts as a refusal', () => {
  const lastAbort = { version: 4, atMs: nowMs - 3_600_000, reason: '', asked: false };
  const trust = { ...distrust(3), verdicts: [{ sequence: 41, at: '2026-03-10T01:00:00.000Z' }] };
  assert.equal(due(model({ trust }), { ...idle, lastAbort }), null);
  assert.equal(
    due(model({ trust }), { ...idle, lastAbort: { ...lastAbort, atMs: nowMs - 7 * 3_600_000 } })?.kind,
    'confidence',
  );
});

test('what a person took back a moment ago is not learnt again by itself', () => {
  const [accepted] = model().versions;
  assert.ok(accepted);
  const untaught = model({ trainings, versions: [{ ...accepted, state: 'aborted' }], champion: 0 });
  const lastAbort = { version: 3, atMs: nowMs - 1000, reason: '', asked: false };
  assert.equal(due(untaught, { ...idle, champion: 0, lastAbort })?.triggerId, 'history-2');
  const asked = { ...idle, champion: 0, lastAbort: { ...lastAbort, asked: true } };
  assert.equal(due(untaught, asked), null);
  assert.equal(due({ ...untaught, asked: 'asked-9' }, asked)?.triggerId, 'asked-9');
});
