import { z } from 'zod';

/** Body of the detector's `POST /update`: read the plan now. */
export const UpdateRequest = z.strictObject({
  /** Revision of the plan that the caller means; older than the stored one → 409. */
  revision: z.int().nonnegative(),
});
export type UpdateRequest = z.infer<typeof UpdateRequest>;

/** Answer of `POST /update`: what every held partition will serve from its next batch border. */
export const UpdateResponse = z.object({
  revision: z.int().nonnegative(),
  partitions: z.record(
    z.string(),
    z.object({
      version: z.int().nonnegative(),
      /** Number of the false-alarm memory. */
      overlay: z.int().nonnegative().default(0),
    }),
  ),
});
export type UpdateResponse = z.infer<typeof UpdateResponse>;

/** Answer of the detector's `GET /status`. */
export const DetectorStatus = z.object({
  holder: z.string(),
  pool: z.string(),
  model: z.string(),
  planRevision: z.int().nonnegative(),
  partitions: z.array(
    z.object({
      partition: z.string(),
      epoch: z.int(),
      version: z.int().nonnegative(),
      /** Version scored beside it, for comparison alone; null = none. */
      shadow: z.int().nonnegative().nullable().default(null),
      /** Number of the false-alarm memory in force. */
      overlay: z.int().nonnegative().default(0),
      state: z.enum(['restoring', 'replaying', 'running', 'stalled']),
      checkpoint: z.int(),
      series: z.int().nonnegative(),
      readings: z.int().nonnegative(),
      /** Why it is stalled, or why the planned version does not serve; absent when all is well. */
      reason: z.string().optional(),
    }),
  ),
});
export type DetectorStatus = z.infer<typeof DetectorStatus>;

/** Scored readings in columns; numbers per signal are row-major (reading × signal), null where missing. */
export const ScoredReadings = z.object({
  series: z.string(),
  signals: z.array(z.string()),
  times: z.array(z.number()),
  values: z.array(z.number().nullable()),
  expected: z.array(z.number().nullable()),
  band: z.array(z.number().nullable()),
  score: z.array(z.number()),
  flags: z.array(z.int()),
});
export type ScoredReadings = z.infer<typeof ScoredReadings>;

/** Body of the detector's `POST /tails`: the newest readings of some series, straight from memory. */
export const TailsRequest = z.strictObject({
  series: z
    .array(
      z.strictObject({ key: z.string().max(200), /** Only later than this, epoch ms. */ after: z.number() }),
    )
    .min(1)
    .max(1000),
});
export type TailsRequest = z.infer<typeof TailsRequest>;

/** Answer of `POST /tails`; a series that is not held here is left out. */
export const TailsResponse = z.object({ tails: z.array(ScoredReadings) });
export type TailsResponse = z.infer<typeof TailsResponse>;
