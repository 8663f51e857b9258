import { z } from 'zod';
import { IsoTime } from './names.ts';
import { PartitionPlan } from './partition-plan.ts';
import { FiguresAt } from './version-figures.ts';

const version = z.int().nonnegative();
const seconds = z
  .int()
  .nonnegative()
  .max(30 * 86_400);

/** When a candidate fails. */
export const AnalysisSpec = z.strictObject({
  /** How much of the stream is judged at a time. */
  intervalSeconds: seconds.min(1).default(60),
  /** Fewer readings cannot pass: the interval is extended until there are as many. */
  minimumReadings: z.int().min(1).max(1_000_000_000).default(100),
  /** The candidate is taken back at so many failed analyses of one rollout. */
  failureLimit: z.int().min(1).max(100).default(1),
  /** Anomalies per 1000 readings that are nominal for any version: here, when it is accepted, and for the alarm-rate sign. */
  nominalPerThousand: z.number().positive().max(1000).default(1),
  /** So many times the champion's rates are too many. */
  mostTimesChampion: z.number().min(1).max(1000).default(3),
  /**
   * Share of the readings that the two may judge differently (exactly one of them alarms), beyond those that the
   * champion alarms at: to end those may be what the candidate is for.
   */
  mostDisagreement: z.number().min(0).max(1).default(0.2),
  /** Readings that others score, or that wait, while the candidate scores none for so long are a failure. */
  progressDeadlineSeconds: seconds.min(1).default(600),
});
export type AnalysisSpec = z.output<typeof AnalysisSpec>;

const RolloutPhaseSpec = z.strictObject({
  /** Share of the partitions, above 0, rounded up. */
  share: z.number().positive().max(1),
  pauseSeconds: seconds,
});

/** How a candidate comes to serve: the `rollout` section of a pool's spec. */
export const RolloutSpec = z.strictObject({
  /** How long it is scored beside the champion on every partition before it serves any; 0 = not at all. */
  shadowSeconds: seconds.default(0),
  /** Ascending shares of the partitions, the last one 1. */
  steps: z
    .array(RolloutPhaseSpec)
    .min(1)
    .max(20)
    .default([
      { share: 0.01, pauseSeconds: 300 },
      { share: 0.5, pauseSeconds: 300 },
      { share: 1, pauseSeconds: 300 },
    ])
    .refine((steps) => steps.at(-1)?.share === 1, 'the last step must have the share 1')
    .refine(
      (steps) => steps.every((step, index) => index === 0 || step.share > (steps[index - 1]?.share ?? 0)),
      'shares must ascend',
    ),
  analysis: AnalysisSpec.prefault({}),
  /** Starts nothing and goes no step further; a candidate that fails is taken back all the same. */
  paused: z.boolean().default(false),
});
export type RolloutSpec = z.output<typeof RolloutSpec>;

/** One look at the candidate. */
export const Analysis = z.object({
  /** Epoch milliseconds. */
  atMs: z.number(),
  passed: z.boolean(),
  /** What was measured at each gate; of a failed one only the gates that failed. */
  reasons: z.array(z.string()),
});
export type Analysis = z.infer<typeof Analysis>;

/** Counts of a candidate over many analyses, beside what the champion would have come to. */
export const CanaryTotals = z.object({
  readings: z.number().nonnegative().default(0),
  anomalies: z.number().nonnegative().default(0),
  /** Anomalies expected of the champion in as many readings. */
  expectedAnomalies: z.number().nonnegative().default(0),
  errors: z.number().nonnegative().default(0),
  /** Errors expected of the champion in as many readings. */
  expectedErrors: z.number().nonnegative().default(0),
});
export type CanaryTotals = z.infer<typeof CanaryTotals>;

/** The totals of no analysis. */
export const noCanaryTotals: CanaryTotals = CanaryTotals.parse({});

/**
 * Where a pool's rollout stands. Plain JSON: whoever runs the rollout stores it before writing the plan that belongs
 * to it, and can go on from it after any crash. Times are epoch milliseconds.
 */
export const RolloutState = z.object({
  /** `aborted` and `done` are `idle` with a memory of how the last rollout ended. */
  phase: z.enum(['idle', 'shadow', 'step', 'done', 'aborted']),
  /** Version that serves, or is returned to. */
  champion: version,
  /** Version that is rolled out in `shadow` and `step`; null otherwise. */
  candidate: version.nullable(),
  /** Index of the step in `step`. */
  step: z.int().nonnegative(),
  /** Partitions that the candidate serves; only grows during a rollout. */
  chosen: z.array(z.string()),
  /** The plan before the rollout, to which an abort returns. */
  before: z.record(z.string(), PartitionPlan),
  /** Version that takes partitions of the champion when nobody can serve that. */
  fallback: version.nullable(),
  /** Start of the present phase, moved on by the length of pauses. */
  phaseSinceMs: z.number(),
  /** Figures from here on are judged next. */
  analysedToMs: z.number(),
  /** Analyses that passed in the present phase. */
  passedInPhase: z.int().nonnegative(),
  /** All passed analyses of this rollout together: what is a little too loud in each of them is too loud. */
  passed: CanaryTotals.prefault({}),
  /** Failed analyses of this rollout. */
  failures: z.int().nonnegative(),
  /** Newest last, at most 50, of the newest rollout. */
  analyses: z.array(Analysis),
  /** Whether it was said that too few readings come to judge by. */
  waitingSaid: z.boolean(),
  /** Since when (epoch ms) nothing goes on, by a command or by the pool's spec; null = it goes on. */
  paused: z.object({ sinceMs: z.number(), by: z.enum(['command', 'spec']) }).nullable(),
  /** Versions that were taken back: never tried again by themselves. Ascending. */
  aborted: z.array(version),
  /** The newest version that was taken back, when (epoch ms), why, and whether a person asked for it. */
  lastAbort: z
    .object({ version, atMs: z.number(), reason: z.string(), asked: z.boolean().default(false) })
    .nullable(),
  /** A taken-back version that somebody put in again, until the registry knows. */
  reinstated: version.nullable(),
  /** Ids of the newest commands that were obeyed, at most 20. */
  handledCommands: z.array(z.string()),
});
export type RolloutState = z.infer<typeof RolloutState>;

/** Something that happened, for events, logs and the dashboard. */
export const RolloutEvent = z.object({
  reason: z.enum([
    'RolloutStarted',
    'StepStarted',
    'AnalysisFailed',
    'WaitingForReadings',
    'Promoted',
    'TakenBack',
    'RolledBack',
    'Paused',
    'Resumed',
    'CommandRefused',
  ]),
  /** A sentence without its full stop. */
  message: z.string(),
  /** Id of the command that this answers; absent where nobody asked for it. */
  commandId: z.string().optional(),
});
export type RolloutEvent = z.infer<typeof RolloutEvent>;

/** Body of `POST /pools/{name}/rollout/commands` (role admin). */
export const RolloutCommandRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['pause', 'resume', 'promote', 'abort']) }),
  /** Puts a kept version on every partition at once; 0 = the built-in one. */
  z.strictObject({ kind: z.literal('rollback'), version }),
]);
export type RolloutCommandRequest = z.infer<typeof RolloutCommandRequest>;

/** What somebody asks of a rollout; an id is obeyed once. */
export const RolloutCommand = z.discriminatedUnion('kind', [
  z.object({ id: z.string().min(1).max(100), kind: z.enum(['pause', 'resume', 'promote', 'abort']) }),
  z.object({ id: z.string().min(1).max(100), kind: z.literal('rollback'), version }),
]);
export type RolloutCommand = z.infer<typeof RolloutCommand>;

/** Answer of `POST /pools/{name}/rollout/commands`: it is noted, and obeyed within seconds. */
export const RolloutCommandAccepted = z.object({ id: z.string() });
export type RolloutCommandAccepted = z.infer<typeof RolloutCommandAccepted>;

/** Body of `PUT /pools/{name}/rollout` (role service); `If-Match: "<revision>"` names the revision it replaces. */
export const RolloutUpdate = z.strictObject({
  state: RolloutState,
  /** Figures when `state.analysedToMs` was set; null while no rollout is on its way. */
  baseline: FiguresAt.nullable(),
  /** What happened now; kept with those before. */
  events: z.array(RolloutEvent).max(50),
});
export type RolloutUpdate = z.infer<typeof RolloutUpdate>;

/** A pool's rollout as it is stored. */
export const RolloutRecord = z.object({
  /** Grows by one with every write; 0 = never written. */
  revision: z.int().nonnegative(),
  /** Null = never written. */
  state: RolloutState.nullable(),
  baseline: FiguresAt.nullable(),
  /** Newest last, at most 100. */
  events: z.array(RolloutEvent.extend({ at: IsoTime })),
  /** Commands that were not obeyed yet, oldest first. */
  commands: z.array(RolloutCommand),
});
export type RolloutRecord = z.infer<typeof RolloutRecord>;
