import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DetectorPoolSpec, type PoolView } from '@verdict/contracts';
import { confirmationOf } from './confirmation.ts';
import { rolloutState, spec } from './rollout.fixture.ts';

function poolWith(state: PoolView['rollout']['state']): PoolView {
  return {
    namespace: 'default',
    name: 'shop',
    spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop', rollout: spec }),
    plan: { revision: 1, partitions: {} },
    partitions: [],
    members: [],
    rollout: { revision: 1, state, baseline: null, events: [], commands: [] },
  };
}

test('what changes the serving version is asked for again, with what will happen', () => {
  const pool = poolWith(rolloutState());
  assert.equal(confirmationOf({ kind: 'promote' }, pool)?.title, 'Promote version 2?');
  assert.match(
    confirmationOf({ kind: 'abort' }, pool)?.about ?? '',
    /^Version 1 serves every partition again/,
  );
  const back = confirmationOf({ kind: 'rollback', version: 0 }, pool);
  assert.equal(back?.action, 'Roll back to the built-in version');
});

test('a pause needs no question, and without a candidate there is nothing to promote', () => {
  assert.equal(confirmationOf({ kind: 'pause' }, poolWith(rolloutState())), null);
  assert.equal(confirmationOf({ kind: 'promote' }, poolWith(rolloutState({ candidate: null }))), null);
  assert.equal(confirmationOf({ kind: 'abort' }, poolWith(null)), null);
});
