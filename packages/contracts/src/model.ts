import { z } from 'zod';
import { IsoTime, ResourceName, SignalName } from './names.ts';
import { SeriesPattern } from './series-pattern.ts';

/** Duration as Kubernetes writes it: `90s`, `15m`, `6h`, `14d`. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'a number with s, m, h or d, such as 15m');

/** Milliseconds of a `Duration`. */
export function durationMs(duration: string): number {
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[duration.slice(-1)];
  if (unit === undefined) throw new RangeError(`not a duration: ${duration}`);
  return Number(duration.slice(0, -1)) * unit;
}

/** How a model is trained. */
export const TrainingSpec = z.strictObject({
  /** How much history a training reads at most. */
  history: Duration.default('14d'),
  /** Readings over all series of the model before the first training is tried. */
  minimumReadings: z.int().min(200).default(2000),
  /** Seed of everything random in a training. */
  seed: z.int().nonnegative().default(1),
});

/** `spec` of an AnomalyModel. */
export const AnomalyModelSpec = z.strictObject({
  /** Key patterns of the series that the model is for; the most specific pattern over all models wins. */
  series: z.array(SeriesPattern).min(1).max(50),
  /** `each`: every signal is scored by itself; else the signals that are scored together, in this order. */
  signals: z.union([z.literal('each'), z.array(SignalName).min(1).max(100)]).default('each'),
  /** Readings in a window. */
  window: z.int().min(4).max(128).default(32),
  training: TrainingSpec.prefault({}),
});
export type AnomalyModelSpec = z.output<typeof AnomalyModelSpec>;

/** Upper tail of an error: 90 % lie below `border`; those above exceed it by `excess` on average. */
const ErrorTail = z.object({ border: z.number().nonnegative(), excess: z.number().nonnegative() });

/** What a trained version is made of; stored beside `model.onnx` as `manifest.json`. */
export const ModelManifest = z.object({
  manifestVersion: z.literal(1),
  model: ResourceName,
  version: z.int().positive(),
  /** SHA-256 of `model.onnx`, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  signals: z.union([z.literal('each'), z.array(SignalName)]),
  window: z.int().positive(),
  /** What errors of this version look like on quiet history: the engine's `ModelCalibration`. */
  calibration: z.object({ row: ErrorTail, window: ErrorTail }),
  training: z.object({
    from: IsoTime,
    to: IsoTime,
    series: z.int().nonnegative(),
    readings: z.int().nonnegative(),
    windows: z.int().nonnegative(),
    epochs: z.int().nonnegative(),
    seed: z.int().nonnegative(),
    seconds: z.number().nonnegative(),
    /** Loss on held-back windows before (PCA alone) and after training. */
    lossBefore: z.number(),
    lossAfter: z.number(),
  }),
  createdAt: IsoTime,
});
export type ModelManifest = z.infer<typeof ModelManifest>;

/** What the evaluation of a candidate found. */
export const Evaluation = z.object({
  accepted: z.boolean(),
  /** Why, in words and numbers; for a refusal every gate that was missed. */
  reasons: z.array(z.string()),
  candidate: z.record(z.string(), z.number()),
  /** The version it was judged against. */
  baselineVersion: z.int().nonnegative(),
  baseline: z.record(z.string(), z.number()),
});
export type Evaluation = z.infer<typeof Evaluation>;

/** State of a version: candidate (being judged), accepted (may serve), refused, aborted, retired. */
export const VersionState = z.enum(['candidate', 'accepted', 'refused', 'aborted', 'retired']);
export type VersionState = z.infer<typeof VersionState>;

/** A version in the registry. Version 0 is built in and has neither manifest nor evaluation. */
export const ModelVersionView = z.object({
  version: z.int().nonnegative(),
  state: VersionState,
  createdAt: IsoTime,
  manifest: ModelManifest.nullable(),
  evaluation: Evaluation.nullable(),
});
export type ModelVersionView = z.infer<typeof ModelVersionView>;

/** State of the newest training of a model. */
export const TrainingRunView = z.object({
  triggerId: z.string(),
  state: z.enum(['running', 'succeeded', 'refused', 'failed']),
  startedAt: IsoTime,
  endedAt: IsoTime.nullable(),
  /** Version made, if any. */
  version: z.int().positive().nullable(),
  message: z.string(),
});
export type TrainingRunView = z.infer<typeof TrainingRunView>;

/** Item of `GET /models`. */
export const ModelView = z.object({
  namespace: ResourceName,
  name: ResourceName,
  spec: AnomalyModelSpec,
  /** Version that serves (of most partitions); 0 = built in. */
  champion: z.int().nonnegative(),
  versions: z.array(ModelVersionView),
  /** Newest first, at most 20. */
  trainings: z.array(TrainingRunView),
  /** Series that belong to it. */
  series: z.int().nonnegative(),
  /** Readings in history, about. */
  readings: z.int().nonnegative(),
  anomalies: z.object({
    total: z.int().nonnegative(),
    lastDay: z.int().nonnegative(),
    /** Anomalies with at least one current verdict, by the majority's answer. */
    judgedTrue: z.int().nonnegative(),
    judgedFalse: z.int().nonnegative(),
  }),
});
export type ModelView = z.infer<typeof ModelView>;
