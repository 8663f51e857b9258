import { z } from 'zod';
import { AlarmPattern } from './alarm-pattern.ts';
import { AnomalyModelSpec, Recurring } from './model-spec.ts';
import { IsoTime, ResourceName, SignalName } from './names.ts';
import { ModelTrust } from './trust.ts';

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
  /** As in the spec when it was trained. */
  recurring: Recurring.default('habit'),
  /** What errors of this version look like on quiet history: the engine's `ModelCalibration`. */
  calibration: z.object({ row: ErrorTail, window: ErrorTail }),
  /** How errors and inputs were distributed on quiet history, to see later whether they still are: the engine's `ModelReference`. */
  reference: z
    .object({
      /** The 63 inner 64-quantiles of |value − expected| in units of the signal's robust scale, ascending. */
      errors: z.array(z.number().nonnegative()).length(63),
      /** Scaled steps (a value less the one before): n ascending inner borders make n + 1 bins with so many steps each. */
      inputs: z.object({
        borders: z.array(z.number()).max(63),
        counts: z.array(z.number().nonnegative()).max(64),
      }),
    })
    .nullable()
    .default(null),
  /** Alarms that people called false, taught as normal: `series` null = on every series of the model. */
  taught: z.array(z.object({ series: z.string().nullable(), pattern: AlarmPattern })).default([]),
  /** Verdicts that went in: ids of anomalies, ids of reports, and the newest record of a verdict that was there. */
  labels: z
    .object({
      confirmed: z.array(z.string()),
      falseAlarms: z.array(z.string()),
      missed: z.array(z.string()),
      lastVerdict: z.int().nonnegative(),
    })
    .default({ confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 }),
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

const amount = z.int().nonnegative();

/** A manifest without its bulk: how many verdicts went in and how many patterns were taught, not which. */
export const ManifestSummary = ModelManifest.omit({
  calibration: true,
  reference: true,
  taught: true,
  labels: true,
}).extend({
  /** Patterns taught as normal: for every series of the model, and for one series each. */
  taught: z.object({ everywhere: amount, single: amount }),
  /** Verdicts that went in, and the newest record of a verdict that was there. */
  labels: z.object({ confirmed: amount, falseAlarms: amount, missed: amount, lastVerdict: amount }),
});
export type ManifestSummary = z.infer<typeof ManifestSummary>;

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
  manifest: ManifestSummary.nullable(),
  evaluation: Evaluation.nullable(),
  /** When it first scored for people; null = never. */
  servesSince: IsoTime.nullable(),
});
export type ModelVersionView = z.infer<typeof ModelVersionView>;

/** Answer of `GET /models/{name}/versions/{version}`: with the whole manifest. */
export const ModelVersionDetail = ModelVersionView.extend({ manifest: ModelManifest.nullable() });
export type ModelVersionDetail = z.infer<typeof ModelVersionDetail>;

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
  /** Null until it was looked at for the first time. */
  trust: ModelTrust.nullable(),
  /** Newest request for a training that none has answered yet; null = none. */
  asked: z.string().nullable(),
});
export type ModelView = z.infer<typeof ModelView>;

/** Body of `POST /models/{name}/trainings` (role admin): train it now, whatever verdicts and signs say. */
export const TrainingRequest = z.strictObject({});
export type TrainingRequest = z.infer<typeof TrainingRequest>;

/** Answer of `POST /models/{name}/trainings`: the id under which the training will be recorded. */
export const TrainingAccepted = z.object({ triggerId: z.string() });
export type TrainingAccepted = z.infer<typeof TrainingAccepted>;

/** Body of `PUT /models/{name}/versions/{version}/state` (role service). */
export const VersionStateUpdate = z.strictObject({ state: VersionState });
export type VersionStateUpdate = z.infer<typeof VersionStateUpdate>;
