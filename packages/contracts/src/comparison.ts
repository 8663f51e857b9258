import { z } from 'zod';

/** One series scored by two versions over the same readings; columns over one time axis, down-sampled with extremes kept. */
export const ComparedSeries = z.object({
  series: z.string(),
  /** Signal whose values are shown. */
  signal: z.string(),
  /** Epoch milliseconds, ascending. */
  times: z.array(z.number()),
  /** Null = missing. */
  value: z.array(z.number().nullable()),
  /** Scores by the champion and by the candidate, 0 to 1. */
  champion: z.array(z.number()),
  candidate: z.array(z.number()),
  /** Stretches of which people said what they were. */
  judged: z.array(
    z.object({
      /** Epoch milliseconds, both ends included. */
      fromMs: z.number(),
      toMs: z.number(),
      kind: z.enum(['confirmed', 'false-alarm', 'missed']),
      /** Whether the version alarms within the stretch or its margin. */
      championAlarms: z.boolean(),
      candidateAlarms: z.boolean(),
    }),
  ),
});
export type ComparedSeries = z.infer<typeof ComparedSeries>;

/** Answer of `GET /models/{name}/versions/{version}/comparison`: made when the version was judged. */
export const Comparison = z.object({
  /** The two versions. */
  champion: z.int().nonnegative(),
  candidate: z.int().positive(),
  /** At most 6, the ones with the most judged events first. */
  series: z.array(ComparedSeries),
});
export type Comparison = z.infer<typeof Comparison>;
