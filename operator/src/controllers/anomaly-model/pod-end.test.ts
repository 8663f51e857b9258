import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podWord, type TrainingPod } from './pod-end.ts';

function pod(status: object, creationTimestamp = '2026-01-01T00:00:00Z'): TrainingPod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', creationTimestamp }, status } as TrainingPod;
}
const container = (state: object) => ({ containerStatuses: [{ name: 'train', state }] });

test('a pod tells how it ended, the newest one of several', () => {
  const killed = pod(container({ terminated: { exitCode: 137, reason: 'OOMKilled' } }));
  assert.equal(podWord([killed]), 'was ended: OOMKilled (exit code 137)');
  const crashed = pod(
    container({ terminated: { exitCode: 1, reason: 'Error', message: 'no history\n' } }),
    '2026-01-02T00:00:00Z',
  );
  assert.equal(podWord([crashed, killed]), 'ended with exit code 1: no history');
  assert.equal(
    podWord([pod({ phase: 'Failed', reason: 'Evicted', message: 'low on disk' })]),
    'failed: Evicted: low on disk',
  );
});

test('a pod tells what it waits for, but not that it is being started', () => {
  const pulls = container({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } });
  assert.equal(podWord([pod(pulls)]), 'waits: ImagePullBackOff: no such image');
  assert.equal(podWord([pod(container({ waiting: { reason: 'ContainerCreating' } }))]), null);
  const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }];
  assert.equal(podWord([pod({ phase: 'Pending', conditions })]), 'finds no node: 0/3 nodes are available');
  assert.equal(podWord([pod(container({ running: {} }))]), null);
  assert.equal(podWord([]), null);
});
