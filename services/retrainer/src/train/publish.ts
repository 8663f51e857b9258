import { createHash } from 'node:crypto';
import type { Evaluation, ModelManifest } from '@verdict/contracts';
import type { BlobStore, RegistryStore } from '@verdict/storage';
import type { TrainingResult } from '@verdict/training';
import type { TrainingHistory } from './load-history.ts';

/** Where the artefacts of a version lie in the blob store. */
export function versionFolder(namespace: string, model: string, version: number): string {
  return `models/${namespace}/${model}/${version}`;
}

/** Describes a version: what it is made of and where that came from. */
export function manifestOf(parts: {
  model: string;
  version: number;
  history: TrainingHistory;
  result: TrainingResult;
  nowMs: number;
}): ModelManifest {
  const { model, version, history, result, nowMs } = parts;
  const iso = (ms: number) => new Date(ms).toISOString();
  const { signals, window } = result.settings;
  const durations = Object.values(result.durationsMs);
  return {
    manifestVersion: 1,
    model,
    version,
    sha256: createHash('sha256').update(result.onnx).digest('hex'),
    signals: signals === 'each' ? 'each' : [...signals],
    window,
    calibration: result.calibration,
    reference: null,
    taught: [],
    labels: { confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 },
    training: {
      from: iso(history.fromMs),
      to: iso(history.toMs),
      series: history.series,
      readings: history.readings,
      windows: result.windowsTrained,
      epochs: result.epochs,
      seed: result.seed,
      seconds: durations.reduce((sum, ms) => sum + ms, 0) / 1000,
      lossBefore: result.losses.start,
      lossAfter: result.losses.kept,
    },
    createdAt: iso(nowMs),
  };
}

/**
 * Publishes a version: the blobs first, then the row in the registry, so that whoever sees the row finds the
 * blobs. A crash in between leaves blobs that nothing refers to, never a version without its net.
 */
export async function publish(parts: {
  blobs: Pick<BlobStore, 'put'>;
  registry: Pick<RegistryStore, 'putVersion'>;
  namespace: string;
  manifest: ModelManifest;
  evaluation: Evaluation;
  onnx: Uint8Array;
  nowMs: number;
}): Promise<void> {
  const { blobs, registry, namespace, manifest, evaluation, onnx, nowMs } = parts;
  const folder = versionFolder(namespace, manifest.model, manifest.version);
  const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  await blobs.put(`${folder}/model.onnx`, onnx);
  await blobs.put(`${folder}/manifest.json`, json(manifest));
  await blobs.put(`${folder}/evaluation.json`, json(evaluation));
  await registry.putVersion(namespace, manifest.model, {
    version: manifest.version,
    state: evaluation.accepted ? 'accepted' : 'refused',
    createdAtMs: nowMs,
    manifest,
    evaluation,
  });
}
