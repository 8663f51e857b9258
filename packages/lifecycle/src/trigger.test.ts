import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type TrainingRunView } from '@verdict/contracts';
import { dueTrigger, type TriggerSituation } from './trigger.ts';

const hourMs = 3_600_000;
const nowMs = Date.parse('2026-03-10T12:30:00.000Z');
const spec = AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 } });
const learnt = [{ version: 3, state: 'accepted' as const }];
const run = (triggerId: string, state: TrainingRunView['state'], hoursAgo: number): TrainingRunView => ({
  triggerId,
  state,
  startedAt: new Date(nowMs - hoursAgo * hourMs - 60_000).toISOString(),
  endedAt: state === 'running' ? null : new Date(nowMs - hoursAgo * hourMs).toISOString(),
  version: null,
  message: '',
});
const first = run('history-0', 'succeeded', 100);
const bad = { state: 'bad' as const, mean: 0.2, high: 0.31, judged: 24 };
const drift = { verdict: 'retrain' as const, reason: 'two signs', window: 88 };
/** `count` verdicts a minute apart, the last one `minutesAgo`. */
const verdicts = (count: number, minutesAgo: number) =>
  Array.from({ length: count }, (_, index) => ({
    sequence: 100 + index,
    atMs: nowMs - (minutesAgo + count - 1 - index) * 60_000,
  }));

interface Change extends Partial<Omit<TriggerSituation, 'model'>> {
  model?: Partial<TriggerSituation['model']>;
}
function due({ model, ...more }: Change = {}) {
  return dueTrigger({
    nowMs,
    paused: false,
    asked: null,
    everyMs: null,
    confidence: { state: 'unknown', mean: 0.5, high: 0.9, judged: 0 },
    verdicts: [],
    drift: { verdict: 'calm', reason: '', window: 88 },
    lastAbortMs: null,
    lastAbortAsked: false,
    wasUsed: () => false,
    ...more,
    model: { spec, readings: 5000, trainings: [first], versions: learnt, champion: 3, ...model },
  });
}
const none = { trainings: [], versions: [], champion: 0 };

test('a model that nobody complains of is left alone', () => {
  assert.equal(due(), null);
  assert.equal(due({ drift: { ...drift, verdict: 'watch' } }), null);
});

test('the first training is due when the history suffices', () => {
  assert.deepEqual([due({ model: none })?.kind, due({ model: none })?.triggerId], ['history', 'history-2']);
  assert.equal(due({ model: { ...none, readings: 10 } }), null);
  assert.equal(due({ model: none, confidence: bad, verdicts: verdicts(20, 1), paused: true }), null);
});

test('bad confidence starts a training named after the champion and the last verdict', () => {
  const trigger = due({ confidence: bad, verdicts: verdicts(24, 1) });
  assert.equal(trigger?.triggerId, 'confidence-v3-123');
  assert.match(trigger?.reason ?? '', /version 3 is bad: 20 % of its alarms .* 24 judged .* 31 %/);
});

test('drift starts a training named after the champion and the window counted', () => {
  assert.equal(due({ drift })?.triggerId, 'drift-v3-88');
});

test('what people asked for comes first, also of a paused model, and each value once', () => {
  const everything = { confidence: bad, verdicts: verdicts(24, 1), drift, asked: 'asked-7' };
  assert.equal(due(everything)?.triggerId, 'asked-7');
  assert.equal(due({ ...everything, paused: true })?.kind, 'asked');
  const wasUsed = (id: string) => id.startsWith('asked-');
  assert.equal(due({ ...everything, wasUsed })?.kind, 'confidence');
  assert.equal(due({ ...everything, wasUsed, paused: true }), null);
});

test('nothing starts beside a running training', () => {
  const trainings = [run('drift-v3-80', 'running', 0), first];
  assert.equal(
    due({ asked: 'x', confidence: bad, verdicts: verdicts(24, 1), drift, model: { trainings } }),
    null,
  );
});

test('after a refusal bad confidence and drift need ten new verdicts or six hours', () => {
  for (const state of ['refused', 'failed'] as const) {
    const model = { trainings: [run('confidence-v3-50', state, 1), first] };
    assert.equal(due({ confidence: bad, verdicts: verdicts(9, 1), drift, model }), null);
    assert.equal(due({ confidence: bad, verdicts: verdicts(10, 1), model })?.kind, 'confidence');
    assert.equal(due({ verdicts: verdicts(10, 1), drift, model })?.kind, 'drift');
    const long = { trainings: [run('confidence-v3-50', state, 6), first] };
    assert.equal(due({ confidence: bad, verdicts: verdicts(1, 600), model: long })?.kind, 'confidence');
    assert.equal(due({ asked: 'now', model })?.kind, 'asked');
  }
});

test('a rollout that was taken back counts as a refusal', () => {
  const situation = { confidence: bad, verdicts: verdicts(24, 70) };
  assert.equal(due({ ...situation, lastAbortMs: nowMs - hourMs }), null);
  assert.equal(due({ ...situation, lastAbortMs: nowMs - 7 * hourMs })?.kind, 'confidence');
});

test('after a person took a version back nothing starts by itself for ten new verdicts or six hours', () => {
  const taken = [{ version: 1, state: 'aborted' as const }];
  const succeeded = { ...run('history-0', 'succeeded', 2), version: 1 };
  const worlds: Change[] = [
    { model: { trainings: [succeeded], versions: taken, champion: 0 } },
    { confidence: bad, verdicts: verdicts(9, 1) },
    { drift },
    { everyMs: 60_000 },
  ];
  for (const world of worlds) {
    assert.notEqual(due({ ...world, verdicts: world.verdicts ?? [] }), null);
    const lately = { ...world, lastAbortMs: nowMs - hourMs, lastAbortAsked: true };
    assert.equal(due(lately), null);
    assert.equal(due({ ...lately, asked: 'now' })?.kind, 'asked');
    assert.notEqual(due({ ...lately, verdicts: verdicts(10, 1) }), null);
    assert.notEqual(due({ ...lately, lastAbortMs: nowMs - 6 * hourMs }), null);
  }
});

test('a training that somebody asked for ends the wait after a version was taken back', () => {
  const since = { ...run('asked-1', 'succeeded', 0.5), version: 4 };
  const lately = { drift, lastAbortMs: nowMs - hourMs, lastAbortAsked: true };
  assert.equal(due({ ...lately, model: { trainings: [since, first] } })?.kind, 'drift');
  const before = { ...since, startedAt: new Date(nowMs - 2 * hourMs).toISOString() };
  assert.equal(due({ ...lately, model: { trainings: [before, first] } }), null);
});

test('nothing starts by itself while a newer version awaits its rollout', () => {
  const versions = [...learnt, { version: 4, state: 'accepted' as const }];
  const situation = {
    confidence: bad,
    verdicts: verdicts(24, 1),
    drift,
    everyMs: hourMs,
    model: { versions },
  };
  assert.equal(due(situation), null);
  assert.equal(due({ ...situation, asked: 'now' })?.kind, 'asked');
  assert.equal(
    due({ ...situation, model: { versions: [{ version: 4, state: 'aborted' }] } })?.kind,
    'confidence',
  );
});

test('the schedule names the due time, and one that was slept through is made up for once', () => {
  assert.equal(due({ everyMs: 24 * hourMs })?.triggerId, 'schedule-2026-03-10T00:00:00.000Z');
  const model = { trainings: [run('schedule-2026-03-10T00:00:00.000Z', 'refused', 12), first] };
  assert.equal(due({ everyMs: 24 * hourMs, model }), null);
  assert.equal(due({ everyMs: 24 * hourMs, model: { trainings: [run('asked-1', 'succeeded', 1)] } }), null);
});
