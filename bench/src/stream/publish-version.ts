import { createHash } from 'node:crypto';
import { AnomalyModelSpec, DetectorPoolSpec, type ModelManifest } from '@verdict/contracts';
import { detectionSettings } from '@verdict/detection';
import { type BlobStore, openBlobs, type Stores, storeVersion } from '@verdict/storage';
import { train } from '@verdict/training';
import { madeSeries, rowsOf } from '../engine/made-series.ts';

export const namespace = 'default';
/** Name of the model and of its pool. */
export const modelName = 'bench';
const learntSeries = 20;
const learntReadings = 1400;

/** A trained version, ready to be put into any platform. */
export interface LearntVersion {
  readonly onnx: Uint8Array;
  readonly manifest: ModelManifest;
}

/** Learns version 1 from the made series, as `bench:engine` does. */
export async function learnVersion(): Promise<LearntVersion> {
  const settings = detectionSettings({ signals: 'each', window: 32 });
  const blocks = madeSeries(learntSeries, 1).map((one) => rowsOf(one, 0, learntReadings));
  const { onnx, calibration, windowsTrained } = await train({ blocks, settings, seed: 1 });
  const now = new Date().toISOString();
  return {
    onnx,
    manifest: {
      manifestVersion: 1,
      model: modelName,
      version: 1,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      signals: 'each',
      window: 32,
      recurring: 'habit',
      calibration,
      reference: null,
      taught: [],
      labels: { confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 },
      training: {
        ...{ from: now, to: now, series: learntSeries, readings: learntSeries * learntReadings },
        ...{ windows: windowsTrained, epochs: 0, seed: 1, seconds: 0, lossBefore: 0, lossAfter: 0 },
      },
      createdAt: now,
    },
  };
}

/** Declares the model and its pool, and plans the version (null = the built-in one) for every partition. */
export async function publishVersion(
  to: { stores: Stores; blobsUrl: string; partitions: number; replicas: number },
  learnt: LearntVersion | null,
): Promise<void> {
  const { registry, plans } = to.stores;
  const spec = AnomalyModelSpec.parse({ series: ['**'], signals: 'each', window: 32, paused: true });
  await registry.putModel({ namespace, name: modelName, spec });
  if (learnt !== null) await putArtefacts(await openBlobs(to.blobsUrl), to.stores, learnt);
  const pool = DetectorPoolSpec.parse({
    model: modelName,
    consumerGroup: modelName,
    replicas: to.replicas,
  });
  await plans.putPool({ namespace, name: modelName, spec: pool });
  const version = learnt?.manifest.version ?? 0;
  const planned = Array.from(
    { length: to.partitions },
    (_, partition) => [String(partition), { version, shadow: null, fallback: null }] as const,
  );
  await plans.writePlan(`${namespace}/${modelName}`, 0, Object.fromEntries(planned));
}

async function putArtefacts(blobs: BlobStore, { registry }: Stores, learnt: LearntVersion): Promise<void> {
  const { manifest } = learnt;
  await storeVersion(blobs, { namespace, model: modelName, version: manifest.version }, learnt);
  await registry.reserveVersion(namespace, modelName);
  await registry.putVersion(namespace, modelName, {
    version: manifest.version,
    state: 'accepted',
    createdAtMs: Date.parse(manifest.createdAt),
    manifest,
    evaluation: null,
  });
}
