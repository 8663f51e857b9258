import { z } from 'zod';
import { AlarmPattern } from './alarm-pattern.ts';
import { IsoTime, ResourceName, SignalName } from './names.ts';
import { TrainingResources } from './operation.ts';
import { SeriesPattern } from './series-pattern.ts';
import { ModelTrust } from './trust.ts';

/** Duration as Kubernetes writes it: `90s`, `15m`, `6h`, `14d`. */
export const Duration = z
  .string()
  .max(7)
  .regex(/^[1-9][0-9]{0,5}(s|m|h|d)$/, 'a number with s, m, h or d, such as 15m');

/** Milliseconds of a `Duration`. */
export function durationMs(duration: string): number {
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[duration.slice(-1)];
  if (unit === undefined) throw new RangeError(`not a duration: ${duration}`);
  return Number(duration.slice(0, -1)) * unit;
}

/** How a model is trained. What is marked Kubernetes, one machine reads and ignores. */
export const TrainingSpec = z.strictObject({
  /** How much history a training reads at most. */
  history: Duration.default('14d'),
  /** Readings over all series of the model before the first training is tried. */
  minimumReadings: z.int().min(200).max(1_000_000_000).default(2000),
  /** Seed of everything random in a training. */
  seed: z.int().nonnegative().max(4_294_967_295).default(1),
  /** Trainings come due at every multiple of this since 1970, whatever the verdicts say; absent = never by the clock. */
  every: Duration.optional(),
  /** Kubernetes: what the pod of a training asks for, and the most it gets. */
  resources: TrainingResources,
  /** Kubernetes: times that a training which broke is tried again, within the same Job. One machine: always 2. */
  retries: z.int().min(0).max(10).default(2),
  /** Kubernetes: a training that takes longer, all its tries together, is ended. */
  timeout: Duration.default('2h'),
  /** Kubernetes: Jobs that succeeded, refused candidates included, kept to look at; older ones are deleted. */
  successfulJobsHistoryLimit: z.int().min(0).max(20).default(3),
  /** Kubernetes: Jobs that failed, kept to look at; older ones are deleted. */
  failedJobsHistoryLimit: z.int().min(0).max(20).default(3),
  /** Kubernetes: a Job is deleted so many seconds after its end, whatever the history limits say. */
  ttlSecondsAfterFinished: z.int().min(60).max(2_592_000).default(604_800),
});

/** What people's verdicts have to show of the model. */
export const FeedbackSpec = z
  .strictObject({
    /** T: the share of alarms that are to be real ones. */
    targetPrecision: z.number().gt(0).lt(1).default(0.5),
    /** Fewer judged anomalies than this say nothing. */
    minimumVerdicts: z.int().min(1).max(1000).default(10),
    /** The newest so many judged anomalies count, … */
    windowAnomalies: z.int().min(1).max(1000).default(50),
    /** … and none that started longer ago. */
    window: Duration.default('30d'),
    /** After so many newer judged anomalies one counts half. */
    halfLifeAnomalies: z.number().positive().max(10_000).default(25),
    /** So long after it ended, a false alarm keeps its like on the same series quiet. */
    memory: Duration.default('30d'),
  })
  .refine(
    ({ minimumVerdicts, windowAnomalies }) => minimumVerdicts <= windowAnomalies,
    'minimumVerdicts must not be above windowAnomalies: so many judged anomalies would never count',
  );
export type FeedbackSpec = z.output<typeof FeedbackSpec>;

/** What a candidate has to show before it may serve. */
export const AcceptanceSpec = z.strictObject({
  /** Share of what the champion finds (real events, and probes) that a candidate must find. */
  keptShare: z.number().min(0).max(1).default(0.9),
  /** Times the nominal rate of anomalies on quiet history that is still near it. */
  mostTimesNominal: z.number().min(1).max(1000).default(2),
});
export type AcceptanceSpec = z.output<typeof AcceptanceSpec>;

const Recurring = z.enum(['habit', 'alarm']);

/** `each`, or the list of signals. A list `[each]` is the same as `each`: Kubernetes knows lists only. */
const Signals = z
  .union([z.literal('each'), z.array(SignalName).min(1).max(100)])
  .refine((signals) => signals === 'each' || isUnique(signals), 'signals must not name one twice')
  .refine(
    (signals) => signals === 'each' || signals.length === 1 || !signals.includes('each'),
    'each stands alone: it means that every signal is scored by itself',
  )
  .overwrite((signals) => (signals.length === 1 && signals[0] === 'each' ? 'each' : signals));

function isUnique(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** `spec` of an AnomalyModel. */
export const AnomalyModelSpec = z.strictObject({
  /** Key patterns of the series that the model is for; the most specific pattern over all models wins. */
  series: z
    .array(SeriesPattern)
    .min(1)
    .max(50)
    .refine((patterns) => isUnique(patterns), 'series must not name one pattern twice'),
  /** `each` (or `[each]`): every signal is scored by itself; else the signals that are scored together, in this order. */
  signals: Signals.default('each'),
  /**
   * Readings in a window. A net takes 256 numbers at most: with more than 256 / window signals together it looks at
   * fewer readings.
   */
  window: z.int().min(4).max(128).default(32),
  /**
   * What becomes of the unusual that comes again and again. `habit`: after some times it counts as usual, so that people
   * are told of news alone. `alarm`: each time is an alarm, until people say that it is none.
   */
  recurring: Recurring.default('habit'),
  training: TrainingSpec.prefault({}),
  feedback: FeedbackSpec.prefault({}),
  acceptance: AcceptanceSpec.prefault({}),
  /** A paused model is trained only when somebody asks. */
  paused: z.boolean().default(false),
  /**
   * Kubernetes: what becomes of versions, labels and history when the AnomalyModel is deleted. `Retain`: all is kept,
   * and a model of that name goes on from it. `Delete`: its artefacts are deleted. One machine deletes nothing.
   */
  deletionPolicy: z.enum(['Retain', 'Delete']).default('Retain'),
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
