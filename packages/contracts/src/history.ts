import { z } from 'zod';
import { IsoTime, SignalName } from './names.ts';

/** Query of `GET /series/{key}/history`. */
export const HistoryQuery = z.strictObject({
  /** Default: one hour before `to`. */
  from: IsoTime.optional(),
  /** Default: now. */
  to: IsoTime.optional(),
  /** At most this many points per signal; extremes are kept. 0 = every reading (at most 50,000). */
  points: z.coerce.number().int().min(0).max(5000).default(1000),
});
export type HistoryQuery = z.output<typeof HistoryQuery>;

/** Numbers of one signal, one per point of `times`; null where missing. */
export const SignalHistory = z.object({
  signal: SignalName,
  value: z.array(z.number().nullable()),
  expected: z.array(z.number().nullable()),
  /** Half the width of the expected band. */
  band: z.array(z.number().nullable()),
});
export type SignalHistory = z.infer<typeof SignalHistory>;

/** Answer of `GET /series/{key}/history`: columns over one time axis. */
export const History = z.object({
  series: z.string(),
  from: IsoTime,
  to: IsoTime,
  /** Readings in the range before down-sampling. */
  readings: z.int().nonnegative(),
  downsampled: z.boolean(),
  /** False when the detector that holds the newest readings in memory could not be asked. */
  complete: z.boolean(),
  /** Epoch milliseconds, ascending. */
  times: z.array(z.number()),
  score: z.array(z.number()),
  /** Bit 0 alarm, bit 1 provisional, bit 2 warming up, bit 3 quieted: it would have alarmed, had people not called its like a false alarm. */
  flags: z.array(z.int()),
  /** The score above which a reading is anomalous. */
  threshold: z.number(),
  signals: z.array(SignalHistory),
});
export type History = z.infer<typeof History>;

/** Bits of a scored reading's flags. */
export const readingFlags = { alarm: 1, provisional: 2, warming: 4, quieted: 8 } as const;

/** Score above which a reading is anomalous, for every model version. */
export const scoreThreshold = 0.5;
