import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Pod, podOfHolder, podTroubles, trimPod } from './detector-pods.ts';

const pod = (name: string, version: number, status: Pod['status'] = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'team-a', uid: name, labels: { 'verdict.dev/version': String(version) } },
  status,
});
const container = { name: 'detector', image: '', imageID: '', restartCount: 0, ready: false };
const waiting = (reason: string, message?: string): Pod['status'] => ({
  containerStatuses: [{ ...container, state: { waiting: { reason, ...(message && { message }) } } }],
});

test('pods that start, run or go are in no trouble', () => {
  const leaving = pod('d', 1, waiting('CrashLoopBackOff'));
  leaving.metadata.deletionTimestamp = '2026-11-22T16:00:00Z';
  const pods = [
    pod('a', 1),
    pod('b', 1, waiting('ContainerCreating')),
    pod('c', 1, { containerStatuses: [{ ...container, ready: true, restartCount: 9, state: {} }] }),
    leaving,
  ];
  assert.deepEqual(podTroubles(pods), []);
});

test('a pod without a node, an image or a container says why', () => {
  const message = '0/3 nodes are available: 3 Insufficient memory.';
  const unschedulable: Pod['status'] = {
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
  };
  const pods = [
    pod('a', 2, unschedulable),
    pod('b', 2, unschedulable),
    pod('c', 3, waiting('ImagePullBackOff', 'no such image')),
    pod('d', 4, waiting('CreateContainerConfigError', 'secret "x" not found')),
  ];
  assert.deepEqual(podTroubles(pods), [
    { version: 2, kind: 'Unschedulable', pods: 2, message },
    { version: 3, kind: 'CannotStart', pods: 1, message: 'ImagePullBackOff: no such image' },
    { version: 4, kind: 'CannotStart', pods: 1, message: 'CreateContainerConfigError: secret "x" not found' },
  ]);
});

test('a crash loop is one also in the moments in which it runs', () => {
  const ended = { terminated: { exitCode: 1, reason: 'Error' } };
  const runs: Pod['status'] = {
    containerStatuses: [{ ...container, restartCount: 3, state: { running: {} }, lastState: ended }],
  };
  const [trouble] = podTroubles([pod('a', 2, runs)]);
  assert.deepEqual([trouble?.kind, trouble?.message], ['CrashLooping', 'it ended with code 1 (Error)']);
});

test('a holder is found by the name of its pod, not by the beginning of another one', () => {
  const pods = [pod('shop-v1-abc', 1), pod('shop-v1-abc-def', 1)];
  assert.equal(podOfHolder(pods, 'detector-shop-v1-abc-def-1-0a1b2c3d')?.metadata.name, 'shop-v1-abc-def');
  assert.equal(podOfHolder(pods, 'detector-shop-v1-abc-17-0a1b2c3d')?.metadata.name, 'shop-v1-abc');
  assert.equal(podOfHolder(pods, 'detector-elsewhere-1-0a1b2c3d'), undefined);
});

test('what is not looked at of a pod is not kept', () => {
  const whole = pod('a', 1, { hostIP: '10.0.0.1', conditions: [{ type: 'Initialized', status: 'True' }] });
  whole.spec = { containers: [] };
  const kept = trimPod(whole);
  assert.equal(kept.spec, undefined);
  assert.deepEqual(kept.status?.conditions, []);
  assert.deepEqual(kept.metadata.labels, whole.metadata.labels);
});
