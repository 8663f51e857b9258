import { z } from 'zod';
import { VersionTotals } from './version-totals.ts';

const count = z.number().nonnegative();
const recentCounts = z.object({ older: z.array(count).readonly(), newer: z.array(count).readonly() });
const change = z.object({ before: z.number(), after: z.number(), atMs: z.number() });
const bucket = z.object({ sum: z.number(), spread: z.number() });

/** What the signs of one version have counted so far, and up to which totals: JSON that any process goes on from. */
export const SignsState = z.object({
  version: z.int().nonnegative(),
  /** Counted up to here; null = nothing was seen yet. */
  totals: VersionTotals.nullable(),
  /** Null for a version that does not know how errors were distributed when it learnt; so for inputs. */
  calibration: recentCounts.nullable(),
  inputs: recentCounts.nullable(),
  alarmRate: z.object({
    intervals: z
      .array(z.object({ readings: count, anomalies: count }))
      .min(1)
      .readonly(),
  }),
  drift: z.object({
    adwin: z.object({ rows: z.array(z.array(bucket).readonly()).readonly(), seen: count }),
    lastChange: change.nullable(),
  }),
  /** Residuals that are too few yet to have a mean. */
  residuals: z.object({ sum: z.number(), count }),
});
export type SignsState = z.infer<typeof SignsState>;

/** What is kept beside a model's trust (`signs` of the trust store). */
export const WatchState = z.object({
  /** Looks at new figures so far, of whichever version; never goes back. */
  window: z.int().nonnegative(),
  /** When the newest point of the history was added, epoch ms. */
  pointAtMs: z.number(),
  signs: z.unknown(),
});
export type WatchState = z.infer<typeof WatchState>;
