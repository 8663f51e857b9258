import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Condition,
  conditionOf,
  isTrue,
  setCondition,
  setConditions,
  withoutConditions,
} from './condition.ts';

const first = { nowMs: Date.parse('2026-11-22T16:00:00.900Z'), generation: 1 };
const later = { nowMs: Date.parse('2026-11-22T17:00:00Z'), generation: 2 };
const ready = { type: 'Ready', status: 'True', reason: 'Serving', message: 'version 3 serves' } as const;

test('a new finding becomes a condition as Kubernetes has them, to the second', () => {
  const [condition, ...more] = setCondition([], ready, first);
  assert.deepEqual(more, []);
  assert.deepEqual(Condition.parse(condition), {
    ...ready,
    observedGeneration: 1,
    lastTransitionTime: '2026-11-22T16:00:00Z',
  });
});

test('the transition time stays while the status does, whatever else is said', () => {
  const before = setCondition([], ready, first);
  const [same] = setCondition(before, { ...ready, reason: 'Still', message: 'version 4 serves' }, later);
  assert.equal(same?.lastTransitionTime, '2026-11-22T16:00:00Z');
  assert.deepEqual([same?.reason, same?.observedGeneration], ['Still', 2]);
  const [changed] = setCondition(before, { ...ready, status: 'False' }, later);
  assert.equal(changed?.lastTransitionTime, '2026-11-22T17:00:00Z');
});

test('a finding that says nothing new leaves the very list, so that nothing is written', () => {
  const before = setCondition([], ready, first);
  assert.equal(setCondition(before, ready, { ...later, generation: 1 }), before);
});

test('conditions keep their places, and those that no longer apply go', () => {
  const stalled = { type: 'Stalled', status: 'False', reason: 'NothingInTheWay', message: '' } as const;
  const both = setConditions([], [ready, stalled], first);
  const changed = setConditions(both, [{ ...stalled, status: 'True', reason: 'ModelTaken' }, ready], later);
  assert.deepEqual(
    changed.map(({ type }) => type),
    ['Ready', 'Stalled'],
  );
  assert.ok(isTrue(changed, 'Stalled') && !isTrue(both, 'Stalled') && !isTrue(both, 'Absent'));
  const kept = withoutConditions(changed, ['Stalled']);
  assert.equal(conditionOf(kept, 'Stalled'), undefined);
  assert.equal(withoutConditions(kept, ['Stalled']), kept);
});

test('a message that is too long is cut between characters', () => {
  const message = '😀'.repeat(40_000);
  const cut = setCondition([], { ...ready, message }, first)[0]?.message ?? '';
  assert.equal(Array.from(cut).length, 32_768);
  assert.ok(cut.endsWith('😀…'));
});
