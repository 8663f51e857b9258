import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { versionLabels } from '../../resources/labels.ts';
import { poolObject } from '../../resources/objects.fixture.ts';
import { clusterIsToBlame, decidePool } from './decide-pool.ts';
import type { Pod } from './detector-pods.ts';
import type { Deployment, PoolFacts } from './pool-facts.ts';

const nowMs = Date.parse('2026-11-22T16:00:00Z');
const namespace = 'team-a';
const rollout = {
  steps: [
    { share: 0.5, pauseSeconds: 60 },
    { share: 1, pauseSeconds: 60 },
  ],
};

const deployment = (version: number, replicas: number, readyReplicas: number): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `shop-v${version}`, namespace, labels: versionLabels('shop', 'shop-model', version) },
  spec: { replicas, selector: {}, template: {} },
  status: { readyReplicas },
});

/** A pool of two detectors whose version 1 was accepted a moment ago. */
async function facts(
  more: Partial<PoolFacts> & { annotations?: Record<string, string> } = {},
): Promise<PoolFacts> {
  const { owner, spec } = poolObject({ replicas: 2, rollout });
  const platform = new InMemoryPlatform();
  await platform.putPool({ namespace, name: 'shop' }, spec);
  const { annotations, ...rest } = more;
  return {
    owner: { ...owner, metadata: { ...owner.metadata, annotations } },
    spec,
    view: platform.pool(namespace, 'shop'),
    versions: [{ version: 1, state: 'accepted' }],
    deployments: [deployment(0, 2, 2)],
    pods: [],
    nowMs,
    watchedSinceMs: 0,
    ...rest,
  };
}

test('a step that has no detectors yet is held back: neither record nor plan, but its Deployment is wanted', async () => {
  const decision = decidePool(await facts());
  assert.equal(decision.wanted.phase, 'step');
  assert.deepEqual(decision.missing, [{ version: 1, ready: 0, needed: 1 }]);
  assert.deepEqual(Object.fromEntries(decision.fleet.sizes), { 0: 2, 1: 1 });
});

test('with its detectors it is taken', async () => {
  const decision = decidePool(await facts({ deployments: [deployment(0, 2, 2), deployment(1, 1, 1)] }));
  assert.deepEqual(decision.missing, []);
  assert.equal(Object.values(decision.round.plan ?? {}).filter(({ version }) => version === 1).length, 2);
});

test('the same facts give the same decision', async () => {
  const seen = await facts();
  assert.deepEqual(decidePool(seen), decidePool(structuredClone(seen)));
});

test('a pause by annotation is obeyed before a step is taken', async () => {
  const decision = decidePool(await facts({ annotations: { 'verdict.dev/pause': 'now' } }));
  assert.equal(decision.wanted.paused?.by, 'command');
  assert.deepEqual(decision.missing, []);
  assert.ok(decision.wanted.handledCommands.includes(decision.asked[0]?.id ?? ''));
});

test('a cluster that has no room is to blame for a candidate that does not serve, one that crashes is not', async () => {
  const seen = await facts();
  seen.view.rollout.state = decidePool(seen).wanted;
  const pod = (status: Pod['status']): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop-v1-a', namespace, labels: versionLabels('shop', 'shop-model', 1) },
    status,
  });
  const blamed = (status: Pod['status']) => clusterIsToBlame(decidePool({ ...seen, pods: [pod(status)] }), 2);
  assert.equal(blamed({ conditions: [{ type: 'PodScheduled', status: 'False' }] }), true);
  const container = { name: 'detector', image: '', imageID: '', restartCount: 1, ready: false };
  assert.equal(
    blamed({ containerStatuses: [{ ...container, state: { waiting: { reason: 'CrashLoopBackOff' } } }] }),
    false,
  );
  assert.equal(clusterIsToBlame(decidePool(seen), 0), true);
});
