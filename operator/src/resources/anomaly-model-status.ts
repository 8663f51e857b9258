import { SignName, VersionState } from '@verdict/contracts';
import { z } from 'zod';
import { Condition } from './condition.ts';
import { count, share, Time, text, versionNumber } from './status-fields.ts';

/**
 * `status` of an AnomalyModel: the one place that says what the operator writes there. The CRD bounds every field
 * alike (a test compares the two): what would be longer is cut before it is written.
 */
export const AnomalyModelStatus = z.strictObject({
  /** The generation that this status is about. */
  observedGeneration: count.optional(),
  conditions: z.array(Condition).max(16).optional(),
  /** Name of the DetectorPool that serves the model. */
  pool: text(63).optional(),
  /** The version that serves (of most partitions); 0 = built in. */
  activeVersion: count.optional(),
  candidate: z
    .strictObject({
      version: versionNumber,
      /** Its number and how far it is, such as `4 · step 2 of 3`. */
      text: text(100),
      createdAt: Time.optional(),
    })
    .optional(),
  confidence: z
    .strictObject({
      version: count,
      state: z.enum(['good', 'unknown', 'bad']),
      /** Share of real alarms and its interval, such as `62 % (50-73 %)`. */
      text: text(100),
      /** Shares to three places. */
      mean: share.optional(),
      low: share.optional(),
      high: share.optional(),
      judged: count,
      contested: count.optional(),
      real: count.optional(),
      falseAlarms: count.optional(),
    })
    .optional(),
  drift: z
    .strictObject({
      verdict: z.enum(['calm', 'watch', 'retrain']),
      reason: text(1024).optional(),
      signs: z.array(SignName).max(4).optional(),
    })
    .optional(),
  lastTraining: z
    .strictObject({
      triggerId: text(200),
      reason: text(1024).optional(),
      /** Name of its Job. */
      job: text(63).optional(),
      /** `pending`: its Job is to be created. */
      state: z.enum(['pending', 'running', 'succeeded', 'refused', 'failed']),
      startedAt: Time.optional(),
      endedAt: Time.optional(),
      /** The version that it made, and the one that this was judged against. */
      version: versionNumber.optional(),
      baselineVersion: count.optional(),
      message: text(2048).optional(),
      /** What the evaluation found; for a refusal every gate that was missed. */
      reasons: z.array(text(512)).max(20).optional(),
    })
    .optional(),
  /** Newest value of the annotation verdict.dev/retrain that was obeyed. */
  handledRetrain: text(200).optional(),
  /** Newest first. */
  versions: z
    .array(
      z.strictObject({
        version: count,
        state: VersionState,
        createdAt: Time.optional(),
        servesSince: Time.optional(),
        /** What its evaluation said, shortened. */
        message: text(512).optional(),
      }),
    )
    .max(20)
    .optional(),
});
export type AnomalyModelStatus = z.output<typeof AnomalyModelStatus>;
