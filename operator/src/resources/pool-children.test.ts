import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AutoscalingSpec } from '@verdict/contracts';
import { versionLabels } from './labels.ts';
import { poolObject } from './objects.fixture.ts';
import { poolHorizontalAutoscaler, poolScaledObject } from './pool-autoscaler.ts';
import { poolDisruptionBudget, poolService } from './pool-children.ts';

const partitions = 8;
const target = { apiVersion: 'verdict.dev/v1alpha1', kind: 'DetectorPool', name: 'shop' };
const prometheus = { kind: 'prometheus', serverAddress: 'http://prometheus:9090' } as const;

function scaled(autoscaling: Partial<AutoscalingSpec>, driver: AutoscalingSpec['driver'] = 'keda') {
  const { owner, spec } = poolObject({ autoscaling: { driver, ...autoscaling } });
  assert.ok(spec.autoscaling);
  return { owner, spec, autoscaling: spec.autoscaling, partitions };
}

test('Service and budget are over all versions of a pool, and of no other', () => {
  const chosen = [
    poolService(poolObject()).spec?.selector,
    poolDisruptionBudget(poolObject()).spec?.selector?.matchLabels,
  ];
  for (const selector of chosen) {
    assert.ok(selector);
    const matches = (labels: Record<string, string>) =>
      Object.entries(selector).every(([key, value]) => labels[key] === value);
    assert.ok(
      matches(versionLabels('shop', 'shop-model', 0)) && matches(versionLabels('shop', 'shop-model', 7)),
    );
    assert.ok(!matches(versionLabels('other', 'shop-model', 7)));
  }
});

test('the Service has no address of its own and shows detectors that are not ready', () => {
  const { spec } = poolService(poolObject());
  assert.deepEqual([spec?.clusterIP, spec?.publishNotReadyAddresses], ['None', true]);
});

test('as many detectors may be away as the pool says, and crashing ones keep no node', () => {
  const { spec } = poolDisruptionBudget(poolObject({ disruption: { maxUnavailable: 2 } }));
  assert.deepEqual([spec?.maxUnavailable, spec?.unhealthyPodEvictionPolicy], [2, 'AlwaysAllow']);
});

test('KEDA scales the pool itself, by the lag that Verdict knows of it', () => {
  const { spec, metadata } = poolScaledObject(
    scaled({ minReplicas: 2, lagEventsPerReplica: 50 }),
    prometheus,
  );
  assert.deepEqual([spec.scaleTargetRef, metadata.name], [target, 'shop-detectors']);
  assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount], [2, 8]);
  assert.deepEqual(spec.triggers, [
    {
      type: 'prometheus',
      metadata: {
        serverAddress: 'http://prometheus:9090',
        query: 'max(verdict_pool_lag_events{pool_namespace="team-a",pool="shop"})',
        threshold: '50',
        ignoreNullValues: 'false',
      },
    },
  ]);
});

test('where a Prometheus asks who comes, KEDA is told how it is let in', () => {
  const { spec } = poolScaledObject(scaled({}), { ...prometheus, authentication: 'verdict-lag' });
  assert.deepEqual(
    spec.triggers.map(({ authenticationRef }) => authenticationRef),
    [{ name: 'verdict-lag' }],
  );
});

test('without Prometheus KEDA reads the gauge where it is published', () => {
  const { spec } = poolScaledObject(scaled({}), { kind: 'metrics-api', url: 'http://operator/metrics' });
  const [trigger] = spec.triggers;
  assert.deepEqual(
    [trigger?.type, trigger?.metadata.format, trigger?.metadata.url],
    ['metrics-api', 'prometheus', 'http://operator/metrics'],
  );
});

test('there are never more detectors than partitions, nor fewer than one', () => {
  const bounds = (autoscaling: Partial<AutoscalingSpec>, count: number) => {
    const { spec } = poolScaledObject({ ...scaled(autoscaling), partitions: count }, prometheus);
    return [spec.minReplicaCount, spec.maxReplicaCount];
  };
  assert.deepEqual(bounds({}, 8), [1, 8]);
  assert.deepEqual(bounds({ maxReplicas: 4 }, 8), [1, 4]);
  assert.deepEqual(bounds({ minReplicas: 6, maxReplicas: 64 }, 4), [4, 4]);
  assert.deepEqual(bounds({}, 0), [1, 1]);
});

test('the HPA scales the pool itself, by cpu, and goes down slowly', () => {
  const { spec } = poolHorizontalAutoscaler(
    scaled({ cpuPercent: 60, scaleDownSeconds: 600, maxReplicas: 5 }, 'hpa'),
  );
  assert.deepEqual(spec?.scaleTargetRef, target);
  assert.deepEqual([spec?.minReplicas, spec?.maxReplicas], [1, 5]);
  assert.equal(spec?.metrics?.[0]?.resource?.target.averageUtilization, 60);
  assert.equal(spec?.behavior?.scaleDown?.stabilizationWindowSeconds, 600);
});
