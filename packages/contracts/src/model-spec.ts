import { z } from 'zod';
import { SignalName } from './names.ts';
import { TrainingResources } from './operation.ts';
import { SeriesPattern } from './series-pattern.ts';

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

/** What comes again and again: `habit` = it becomes usual, `alarm` = an alarm each time. */
export const Recurring = z.enum(['habit', 'alarm']);
export type Recurring = z.infer<typeof Recurring>;

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
