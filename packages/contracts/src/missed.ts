import { z } from 'zod';
import { Uncounted } from './feedback.ts';
import { IsoTime, SeriesKey } from './names.ts';

/** Body of `POST /missed`: a stretch of a series that was an anomaly and that nothing alarmed on. */
export const MissedRequest = z
  .strictObject({
    series: SeriesKey,
    /** First and last instant of what was odd. */
    from: IsoTime,
    to: IsoTime,
    reason: z.string().max(80).optional(),
    comment: z.string().max(2000).optional(),
  })
  .refine(({ from, to }) => Date.parse(from) <= Date.parse(to), { path: ['to'], message: 'not before from' });
export type MissedRequest = z.infer<typeof MissedRequest>;

/** Answer of `POST /missed` and `DELETE /missed/{id}`: the feedback hub has it. */
export const MissedAccepted = z.object({ reportId: z.uuid() });
export type MissedAccepted = z.infer<typeof MissedAccepted>;

/** How a report travels through the feedback hub (JSON, partition key = series). */
export const MissedEvent = z.object({
  version: z.literal(1),
  kind: z.literal('missed'),
  reportId: z.uuid(),
  /** True takes the report back. */
  withdrawn: z.boolean(),
  series: SeriesKey,
  /** Epoch milliseconds, both ends included. */
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  person: z.string().min(1).max(100),
  reason: z.string().max(80).optional(),
  comment: z.string().max(2000).optional(),
  /** When the gateway took it, epoch milliseconds. */
  at: z.int().nonnegative(),
  /** False: the person had not the right to be learnt from; it is shown and counts for nothing. */
  teaches: z.boolean().optional(),
});
export type MissedEvent = z.infer<typeof MissedEvent>;

/** Item of `GET /missed`: a report that was not taken back. */
export const MissedReport = z.object({
  id: z.uuid(),
  series: SeriesKey,
  /** First and last instant of what was odd. */
  from: IsoTime,
  to: IsoTime,
  /** Who reported it. */
  person: z.string(),
  reason: z.string().nullable(),
  comment: z.string().nullable(),
  /** When the gateway took it. */
  at: IsoTime,
  /** Only where it counts for nothing: why. */
  uncounted: Uncounted.optional(),
});
export type MissedReport = z.infer<typeof MissedReport>;

/** Query of `GET /missed`. */
export const MissedQuery = z.strictObject({
  series: SeriesKey.optional(),
  /** Reports that overlap this stretch. */
  from: IsoTime.optional(),
  to: IsoTime.optional(),
});
export type MissedQuery = z.output<typeof MissedQuery>;
