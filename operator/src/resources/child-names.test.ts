import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deploymentName, poolChildName, trainingJobName } from './child-names.ts';

const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const names = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

test('names say what they are the names of', () => {
  assert.equal(deploymentName('shop', 4), 'shop-v4');
  assert.equal(poolChildName('shop'), 'shop-detectors');
  assert.equal(trainingJobName('shop', 'confidence-v3-812'), trainingJobName('shop', 'confidence-v3-812'));
  assert.match(trainingJobName('shop', 'confidence-v3-812'), /^shop-train-[0-9a-f]{10}$/);
  assert.notEqual(trainingJobName('shop', 'confidence-v3-812'), trainingJobName('shop', 'confidence-v3-813'));
});

test('every name is a DNS label that leaves room for what Kubernetes adds', () => {
  fc.assert(
    fc.property(names, fc.nat(), fc.string({ minLength: 1, maxLength: 200 }), (name, version, trigger) => {
      const deployment = deploymentName(name, version);
      const job = trainingJobName(name, trigger);
      for (const child of [deployment, job, poolChildName(name)]) assert.match(child, dnsLabel);
      assert.ok(deployment.length <= 46 && job.length <= 55 && poolChildName(name).length <= 63);
    }),
  );
});

test('long names that begin alike have different children', () => {
  const [one, other] = [`${'a'.repeat(60)}-x`, `${'a'.repeat(60)}-y`];
  assert.notEqual(deploymentName(one, 1), deploymentName(other, 1));
  assert.notEqual(trainingJobName(one, 't'), trainingJobName(other, 't'));
  assert.match(deploymentName(one, 12), /^a+-[0-9a-f]{8}-v12$/);
});
