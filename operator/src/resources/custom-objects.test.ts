import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelSpecOf, poolSpecOf } from './custom-objects.ts';
import { modelObject, poolObject } from './objects.fixture.ts';

test('a spec that the API server filled in is read as the rest of the code knows it', () => {
  const { owner } = modelObject({ signals: ['each'] });
  const read = modelSpecOf(owner);
  assert.ok(read.ok);
  assert.deepEqual([read.spec.signals, read.spec.training.retries], ['each', 2]);
});

test('a spec of another version of the CRD is answered by what is wrong with it', () => {
  const { owner } = poolObject();
  const spec = { ...owner.spec, replicas: 99, rollout: { steps: [{ share: 0.5, pauseSeconds: 1 }] } };
  const read = poolSpecOf({ spec });
  assert.ok(!read.ok);
  assert.match(
    read.message,
    /^spec\.replicas: .*64; spec\.rollout\.steps: the last step must have the share 1$/,
  );
});
