import { z } from 'zod';
import { IsoTime } from './names.ts';

/**
 * What is being done with a series: scored; warming (too few readings so far); stale (no reading for a while);
 * unassigned (no model wants it); refused (its last readings were turned away at the door).
 */
export const CoverageState = z.enum(['scored', 'warming', 'stale', 'unassigned', 'refused']);
export type CoverageState = z.infer<typeof CoverageState>;

/** Item of `GET /coverage` and `GET /series`. */
export const SeriesView = z.object({
  series: z.string(),
  state: CoverageState,
  /** Why it is in this state, as a sentence. */
  reason: z.string(),
  model: z.string().nullable(),
  partition: z.string().nullable(),
  signals: z.array(z.string()),
  /** Readings scored or warming so far. */
  readings: z.int().nonnegative(),
  firstReading: IsoTime.nullable(),
  lastReading: IsoTime.nullable(),
  /** Newest score; null before the first one. */
  score: z.number().nullable(),
  openAnomaly: z.string().nullable(),
});
export type SeriesView = z.infer<typeof SeriesView>;

/** Query of `GET /coverage` and `GET /series`. */
export const CoverageQuery = z.strictObject({
  state: CoverageState.optional(),
  model: z.string().max(63).optional(),
  /** Substring of the key. */
  search: z.string().max(200).optional(),
  next: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type CoverageQuery = z.output<typeof CoverageQuery>;

/** Answer of `GET /coverage`. */
export const CoveragePage = z.object({
  /** Series by state, over all pages (after model and search filters). */
  counts: z.record(CoverageState, z.int().nonnegative()),
  items: z.array(SeriesView),
  next: z.string().nullable(),
  /** Readings that could not be used, behind the door: number per reason. */
  deadLetters: z.record(z.string(), z.int().nonnegative()),
});
export type CoveragePage = z.infer<typeof CoveragePage>;
