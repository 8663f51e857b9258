import {
  type AnomalyModelSpec,
  type DetectorPoolSpec,
  DetectorPoolSpec as DetectorPoolSpecSchema,
  type ModelTrust,
  type ModelVersionView,
  type ModelView,
  type PartitionPlan,
  type PartitionView,
  type PoolView,
  type VersionState,
} from '@verdict/contracts';
import type { PlatformName } from './platform.ts';

/** What a partition is served with that no plan names. */
export const builtIn: PartitionPlan = { version: 0, shadow: null, fallback: null };

/** A model as it is after its first declaration. */
export function newModel({ namespace, name }: PlatformName, spec: AnomalyModelSpec): ModelView {
  const anomalies = { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 };
  const fresh = { champion: 0, versions: [], trainings: [], series: 1, readings: 0, anomalies };
  return { namespace, name, spec, ...fresh, trust: null, asked: null };
}

/** A pool as it is after its first declaration: nobody serves it. */
export function newPool(
  { namespace, name }: PlatformName,
  spec: DetectorPoolSpec,
  partitions: readonly string[],
): PoolView {
  return {
    namespace,
    name,
    spec,
    plan: { revision: 0, partitions: {} },
    partitions: partitions.map(newPartition),
    members: [],
    rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
  };
}

/** A pool of one partition that the detector `detector` holds. */
export function servedPool(name: PlatformName): PoolView {
  const spec = DetectorPoolSpecSchema.parse({ model: name.name, consumerGroup: name.name });
  const view = newPool(name, spec, ['0']);
  const seenAt = '2026-01-01T00:00:00.000Z';
  return {
    ...view,
    partitions: view.partitions.map((one) => ({ ...one, holder: 'detector', epoch: 1, version: 0 })),
    members: [{ holder: 'detector', address: null, seenAt }],
  };
}

function newPartition(partition: string): PartitionView {
  const life = { version: null, checkpoint: -1, readings: 0, duplicates: 0, lagEvents: 0 };
  const scored = { figures: [], shadow: null, shadows: [] };
  return { partition, holder: null, epoch: 0, planned: builtIn, ...life, ...scored };
}

/** A version in the registry, as a training leaves it. */
export function newVersion(
  version: number,
  { state, createdAt, baselineVersion }: { state: VersionState; createdAt: string; baselineVersion: number },
): ModelVersionView {
  const evaluation = {
    accepted: state !== 'refused',
    reasons: ['found 20 of 20 events'],
    candidate: {},
    baselineVersion,
    baseline: {},
  };
  return { version, state, createdAt, manifest: null, evaluation, servesSince: null };
}

/** Trust by which most verdicts on a version say "false". */
export function distrust(version: number, lastVerdict: number, atMs: number): ModelTrust {
  const shares = { mean: 0.2, low: 0.1, high: 0.31 };
  const quality = { precision: null, recall: null, labelCoverage: null, anomalies: 24, judged: 24 };
  const at = new Date(atMs).toISOString();
  return {
    at,
    version,
    confidence: { state: 'bad', ...shares, tp: 4, fp: 20, judged: 24, contested: 0 },
    signs: [],
    drift: { verdict: 'calm', reason: 'no sign of drift', window: 7 },
    quality: { ...quality, tp: 4, fp: 20, missed: 0 },
    verdicts: [{ sequence: lastVerdict, at }],
    versions: {},
  };
}
