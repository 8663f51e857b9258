import { createHash } from 'node:crypto';
import {
  AnomalyModelSpec,
  DetectorPoolSpec,
  type ModelManifest,
  type PartitionPlan,
} from '@verdict/contracts';
import { detectionSettings } from '@verdict/detection';
import { openBlobs, type Stores, storeVersion } from '@verdict/storage';
import { type TrainingBlock, train } from '@verdict/training';
import type { Scenario } from '../proof-stream/scenario.ts';
import { namespace, poolKey, poolName } from './parts/environment.ts';

/** A trained version, ready to be put into any platform. */
export interface LearntVersion {
  readonly onnx: Uint8Array;
  readonly manifest: ModelManifest;
}

const learntSeries = 6;
const learntReadings = 420;
const window = 24;
/** Verdicts on readings that lie in the past, long ago perhaps. */
const ever = '99999d';

/** Learns versions 1 and 2 from what the shop looks like without anything wrong in it. */
export async function learnVersions(scenario: Scenario): Promise<LearntVersion[]> {
  const { signals } = scenario;
  const settings = detectionSettings({ signals: [...signals], window });
  const blocks = Array.from({ length: learntSeries }, (_, index) => cleanBlock(scenario, index));
  const versions: LearntVersion[] = [];
  for (const version of [1, 2]) {
    const { onnx, calibration, windowsTrained } = await train({ blocks, settings, seed: version });
    const now = new Date().toISOString();
    const manifest: ModelManifest = {
      manifestVersion: 1,
      model: poolName,
      version,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      signals: [...signals],
      window,
      recurring: 'alarm',
      calibration,
      reference: null,
      taught: [],
      labels: { confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 },
      training: {
        ...{ from: now, to: now, series: learntSeries, readings: learntSeries * learntReadings },
        ...{ windows: windowsTrained, epochs: 0, seed: version, seconds: 0, lossBefore: 0, lossAfter: 0 },
      },
      createdAt: now,
    };
    versions.push({ onnx, manifest });
  }
  return versions;
}

function cleanBlock({ shop, signals, borders }: Scenario, index: number): TrainingBlock {
  const rows = Array.from({ length: learntReadings }, (_, row) =>
    shop.cleanReadingAt(index, borders.learn - learntReadings + row),
  );
  return {
    series: shop.series[index] ?? '',
    signals: [...signals],
    times: Float64Array.from(rows, ({ time }) => time),
    values: Float32Array.from(
      rows.flatMap(({ values }) => signals.map((name) => values[name as keyof typeof values])),
    ),
  };
}

/** Declares the model, its versions and its pool, and plans version 1 for every partition. */
export async function publishVersions(
  to: {
    stores: Stores;
    blobsUrl: string;
    partitions: number;
    consumerGroup: string;
    signals: readonly string[];
  },
  versions: readonly LearntVersion[],
): Promise<void> {
  const { registry, plans } = to.stores;
  const spec = AnomalyModelSpec.parse({
    ...{ series: ['shop/**'], signals: to.signals, window, recurring: 'alarm', paused: true },
    feedback: { window: ever, memory: ever },
  });
  await registry.putModel({ namespace, name: poolName, spec });
  const blobs = await openBlobs(to.blobsUrl);
  for (const learnt of versions) {
    const { manifest } = learnt;
    await storeVersion(blobs, { namespace, model: poolName, version: manifest.version }, learnt);
    await registry.reserveVersion(namespace, poolName);
    await registry.putVersion(namespace, poolName, {
      version: manifest.version,
      state: 'accepted',
      createdAtMs: Date.parse(manifest.createdAt),
      manifest,
      evaluation: null,
    });
  }
  const pool = DetectorPoolSpec.parse({ model: poolName, consumerGroup: to.consumerGroup, replicas: 3 });
  await plans.putPool({ namespace, name: poolName, spec: pool });
  const first: PartitionPlan = { version: 1, shadow: null, fallback: null };
  const planned = Array.from(
    { length: to.partitions },
    (_, partition) => [String(partition), first] as const,
  );
  await plans.writePlan(poolKey, 0, Object.fromEntries(planned));
}
