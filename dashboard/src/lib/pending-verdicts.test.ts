import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PendingVerdicts } from './pending-verdicts.ts';
import { ReadMarks } from './read-marks.ts';

const anomalyId = '0f1e2d3c4b5a69788796a5b4';
const at = '2026-11-22T12:00:00.000Z';
const mine = { person: 'ada', verdict: 'true' as const, reason: null, comment: null, at };

test('an answer waits until the hub tells it back with the same reason', () => {
  const desk = new PendingVerdicts();
  const pending = desk.begin({ anomalyId, verdict: 'true', reason: 'deployment' });
  assert.equal(desk.accept(pending)?.phase, 'accepted');
  desk.confirm(anomalyId, [mine], 'ada');
  assert.equal(desk.of(anomalyId)?.phase, 'accepted');
  desk.confirm(anomalyId, [{ ...mine, reason: 'deployment' }], 'ada');
  assert.equal(desk.of(anomalyId), undefined);
});

test('the same answer by somebody else confirms nothing', () => {
  const desk = new PendingVerdicts();
  desk.begin({ anomalyId, verdict: 'true' });
  desk.confirm(anomalyId, [{ ...mine, person: 'bob' }], 'ada');
  assert.notEqual(desk.of(anomalyId), undefined);
});

test('an answer taken back is confirmed when it is gone', () => {
  const desk = new PendingVerdicts();
  desk.begin({ anomalyId, verdict: 'withdrawn' });
  desk.confirm(anomalyId, [mine], 'ada');
  assert.notEqual(desk.of(anomalyId), undefined);
  desk.confirm(anomalyId, [], 'ada');
  assert.equal(desk.of(anomalyId), undefined);
});

test('the fate of an older answer does not touch a newer one', () => {
  const desk = new PendingVerdicts();
  const first = desk.begin({ anomalyId, verdict: 'true' });
  desk.begin({ anomalyId, verdict: 'false' });
  desk.fail(first, 'too late');
  assert.equal(desk.accept(first), null);
  assert.equal(desk.of(anomalyId)?.phase, 'sending');
  assert.equal(desk.of(anomalyId)?.verdict, 'false');
});

test('read marks survive a reload and stay bounded', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const marks = new ReadMarks(storage);
  for (let index = 0; index < 2100; index++) marks.mark(`a${index}`);
  const reloaded = new ReadMarks(storage);
  assert.equal(reloaded.isRead({ id: 'a2099', start: at }), true);
  assert.equal(reloaded.isRead({ id: 'a0', start: at }), false);
  reloaded.markAllBefore(Date.parse(at) + 1);
  assert.equal(reloaded.isRead({ id: 'a0', start: at }), true);
});
