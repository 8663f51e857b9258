import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelObject, settings } from './objects.fixture.ts';
import { trainingJob } from './training-job.ts';

const trigger = { triggerId: 'confidence-v3-812', reason: 'confidence in version 3 is bad' };
const job = (more: Parameters<typeof modelObject>[0] = {}, changed = trigger) =>
  trainingJob({ ...modelObject(more), trigger: changed, settings });

test('a trigger has one Job: its name follows from model and trigger alone', () => {
  const again = trainingJob({
    ...modelObject({ window: 8 }),
    trigger: { ...trigger, reason: 'other words' },
    settings,
  });
  assert.equal(again.metadata.name, job().metadata.name);
  assert.notEqual(job({}, { ...trigger, triggerId: 'confidence-v3-813' }).metadata.name, job().metadata.name);
  assert.equal(job().metadata.annotations?.['verdict.dev/trigger'], trigger.triggerId);
  assert.equal(job().metadata.ownerReferences?.[0]?.uid, 'model-uid');
});

test('attempts are pods of the one Job, which are told how many there were; one more may only record the failure', () => {
  const { spec } = job({ training: { retries: 4 } });
  assert.deepEqual(
    [spec?.completionMode, spec?.completions, spec?.backoffLimitPerIndex, spec?.backoffLimit],
    ['Indexed', 1, 5, undefined],
  );
  assert.equal(spec?.template.spec?.restartPolicy, 'Never');
  const env = spec?.template.spec?.containers[0]?.env ?? [];
  assert.equal(env.find(({ name }) => name === 'VERDICT_MOST_ATTEMPTS')?.value, '5');
  const counted = env.find(({ name }) => name === 'VERDICT_FAILED_ATTEMPTS')?.valueFrom?.fieldRef?.fieldPath;
  assert.equal(counted, "metadata.annotations['batch.kubernetes.io/job-index-failure-count']");
});

test('a refused candidate, or a failure that is recorded, ends the Job; an evicted pod is no attempt', () => {
  const rules = job().spec?.podFailurePolicy?.rules ?? [];
  assert.deepEqual(rules[0]?.onPodConditions?.[0]?.type, 'DisruptionTarget');
  assert.deepEqual([rules[0]?.action, rules[1]?.action], ['Ignore', 'FailJob']);
  assert.deepEqual(rules[1]?.onExitCodes?.values, [3, 4]);
  assert.equal(rules[1]?.onExitCodes?.containerName, job().spec?.template.spec?.containers[0]?.name);
});

test('a Job ends and goes when the model says so', () => {
  const { spec } = job({ training: { timeout: '90m', ttlSecondsAfterFinished: 600 } });
  assert.deepEqual([spec?.activeDeadlineSeconds, spec?.ttlSecondsAfterFinished], [5400, 600]);
});

test('a training has no token at all, and room for its files', () => {
  const spec = job().spec?.template.spec;
  assert.equal(spec?.automountServiceAccountToken, false);
  assert.deepEqual(
    spec?.volumes?.map(({ name }) => name),
    ['tmp'],
  );
  assert.equal(spec?.containers[0]?.args?.[0], 'train');
  assert.equal(spec?.containers[0]?.resources?.limits?.memory, '2Gi');
});
