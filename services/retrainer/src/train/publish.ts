import { createHash } from 'node:crypto';
import type { Comparison, Evaluation, ModelManifest } from '@verdict/contracts';
import type { ModelReference, TaughtPattern } from '@verdict/detection';
import { referenceBins } from '@verdict/lifecycle';
import {
  type ArtefactSigner,
  type BlobStore,
  type RegistryStore,
  storeVersion,
  type VersionStore,
} from '@verdict/storage';
import type { TrainingResult } from '@verdict/training';
import type { LabelEvent } from './label-events.ts';
import type { TrainingHistory } from './load-history.ts';

/** How errors and inputs of a trained net were distributed on quiet history. */
export function referenceOf({ errors, inputs }: Pick<TrainingResult, 'errors' | 'inputs'>): ModelReference {
  return { errors, inputs: referenceBins(inputs) };
}

/** Which labels went into a version: what it was kept from learning, and the false alarms that it was taught. */
export function labelsOf(
  events: readonly LabelEvent[],
  taught: readonly LabelEvent[],
  lastVerdict: number,
): ModelManifest['labels'] {
  const ids = (of: readonly LabelEvent[], use: LabelEvent['use']) =>
    of
      .filter((event) => event.use === use)
      .map(({ id }) => id)
      .sort();
  return {
    confirmed: ids(events, 'confirmed'),
    falseAlarms: ids(taught, 'taught'),
    missed: ids(events, 'missed'),
    lastVerdict,
  };
}

/** Describes a version: what it is made of and where that came from. */
export function manifestOf(parts: {
  model: string;
  version: number;
  history: TrainingHistory;
  result: TrainingResult;
  taught: readonly TaughtPattern[];
  labels: ModelManifest['labels'];
  nowMs: number;
}): ModelManifest {
  const { model, version, history, result, nowMs } = parts;
  const { errors, inputs } = referenceOf(result);
  const iso = (ms: number) => new Date(ms).toISOString();
  const { signals, window, recurring } = result.settings;
  const durations = Object.values(result.durationsMs);
  return {
    manifestVersion: 1,
    model,
    version,
    sha256: createHash('sha256').update(result.onnx).digest('hex'),
    signals: signals === 'each' ? 'each' : [...signals],
    window,
    recurring,
    calibration: result.calibration,
    reference: {
      errors: [...errors],
      inputs: { borders: [...inputs.borders], counts: [...inputs.counts] },
    },
    taught: parts.taught.map(({ series, pattern }) => ({ series, pattern: { ...pattern } })),
    labels: parts.labels,
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
 * Publishes a version: the blobs first, signed where there is a signer, then the row in the registry, so that whoever sees the row finds the
 * blobs, and the comparison last. A crash in between leaves blobs that nothing refers to, never a version without
 * its net.
 */
export async function publish(parts: {
  blobs: Pick<BlobStore, 'put' | 'get'>;
  signer: ArtefactSigner | null;
  registry: Pick<RegistryStore, 'putVersion'>;
  versions: Pick<VersionStore, 'putComparison'>;
  namespace: string;
  manifest: ModelManifest;
  evaluation: Evaluation;
  comparison: Comparison;
  onnx: Uint8Array;
  nowMs: number;
}): Promise<void> {
  const { blobs, signer, registry, versions, namespace, manifest, evaluation, onnx, nowMs } = parts;
  const ref = { namespace, model: manifest.model, version: manifest.version };
  await storeVersion(blobs, ref, { manifest, onnx, evaluation, signer });
  await registry.putVersion(namespace, manifest.model, {
    version: manifest.version,
    state: evaluation.accepted ? 'accepted' : 'refused',
    createdAtMs: nowMs,
    manifest,
    evaluation,
  });
  await versions.putComparison(namespace, manifest.model, parts.comparison);
}
