import { z } from 'zod';

/** What the client is to send. */
export const Load = z.object({
  url: z.string(),
  token: z.string(),
  series: z.int().positive(),
  seed: z.int(),
  /** Rows of every series before the first one, at least. */
  leastRows: z.int().positive(),
  fromRow: z.int().nonnegative(),
  rows: z.int().positive(),
  readingsPerPost: z.int().positive(),
  /** POSTs under way at once. */
  connections: z.int().positive(),
  /** Readings per second; null = as fast as they are taken. */
  perSecond: z.number().positive().nullable(),
  /** Every so many milliseconds a value is far off, on a series where none was before; null = never. */
  oddEveryMs: z.number().positive().nullable(),
});
export type Load = z.infer<typeof Load>;

/** What became of it. */
export interface LoadResult {
  readonly type: 'sent';
  readonly readings: number;
  readonly ms: number;
  /** POSTs that were answered with 429 or 503 and sent again. */
  readonly repeated: number;
  /** Answer times of POSTs, ms, ascending. */
  readonly answerMs: readonly number[];
  /** From the acknowledged POST to the anomaly at the socket, ms, ascending. */
  readonly anomalyMs: readonly number[];
  readonly oddSent: number;
}
