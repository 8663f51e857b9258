import { z } from 'zod';
import { IsoTime, SeriesKey } from './names.ts';

/**
 * Why something acknowledged could not be used: in no format that is known; older than the newest reading of its series;
 * or its processing crashed again and again.
 */
export const DeadLetterReason = z.enum(['undecodable', 'late', 'poisonous']);
export type DeadLetterReason = z.infer<typeof DeadLetterReason>;

/** `waiting` = nobody did anything with it; `replayed` = it was sent to its hub once more. */
export const DeadLetterState = z.enum(['waiting', 'replayed']);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/** Key of a pool, or of the consumers of verdicts: `default/shop`, `default/feedback`. */
const GroupKey = z.string().min(1).max(130);

/** A dead letter without what it holds. */
export const DeadLetterView = z.object({
  id: z.int().positive(),
  /** Who could not use it: `namespace/pool`, or `namespace/feedback`. */
  pool: GroupKey,
  partition: z.string(),
  /** Number of the event that held it. */
  sequence: z.int().nonnegative(),
  /** Null when it is a whole event. */
  series: z.string().nullable(),
  /** Of the reading; null when it is a whole event. */
  time: IsoTime.nullable(),
  reason: DeadLetterReason,
  detail: z.string(),
  bytes: z.int().nonnegative(),
  notedAt: IsoTime,
  state: DeadLetterState,
  /** Of the last replay. */
  replayedAt: IsoTime.nullable(),
  replayedBy: z.string().nullable(),
});
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** Which dead letters are meant: all that are like this. */
export const DeadLetterFilter = z.strictObject({
  pool: GroupKey.optional(),
  series: SeriesKey.optional(),
  reason: DeadLetterReason.optional(),
});
export type DeadLetterFilter = z.infer<typeof DeadLetterFilter>;

/** Query of `GET /dead-letters`. */
export const DeadLettersQuery = DeadLetterFilter.extend({
  state: DeadLetterState.optional(),
  /** Continues a listing: `next` of the earlier page. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type DeadLettersQuery = z.output<typeof DeadLettersQuery>;

/** Answer of it: newest first. */
export const DeadLettersPage = z.object({
  items: z.array(DeadLetterView),
  next: z.int().positive().nullable(),
});
export type DeadLettersPage = z.infer<typeof DeadLettersPage>;

/** Answer of `GET /dead-letters/{id}`. */
export const DeadLetterDetail = DeadLetterView.extend({
  /** Its first readings, at most 100; null when it holds none that can be read. */
  readings: z
    .array(
      z.object({
        series: z.string(),
        time: IsoTime,
        /** null = missing. */
        values: z.record(z.string(), z.number().nullable()),
      }),
    )
    .nullable(),
  /** Its first bytes, at most 32 KiB, in base64. */
  payload: z.base64(),
});
export type DeadLetterDetail = z.infer<typeof DeadLetterDetail>;

const ids = z.array(z.int().positive()).min(1).max(500);

/** Body of `POST /dead-letters/replays`: some of them, also once more; or all like this that wait, a part at a time. */
export const ReplayRequest = z.union([
  z.strictObject({ ids }),
  z.strictObject({
    all: DeadLetterFilter,
    /** Goes on behind this one: `next` of the answer before. */
    after: z.int().nonnegative().default(0),
  }),
]);
export type ReplayRequest = z.input<typeof ReplayRequest>;

/** Answer of it. What is refused stays as it was. */
export const Replayed = z.object({
  /** Letters whose content its hub has once more. */
  replayed: z.int().nonnegative(),
  refused: z.array(z.object({ id: z.int().positive(), message: z.string() })),
  /** There is more: ask again with this as `after`; null = that was all. */
  next: z.int().positive().nullable(),
});
export type Replayed = z.infer<typeof Replayed>;

/** Body of `POST /dead-letters/drops`: some of them, or all like this. */
export const DropRequest = z.union([z.strictObject({ ids }), z.strictObject({ all: DeadLetterFilter })]);
export type DropRequest = z.infer<typeof DropRequest>;

/** Answer of it. */
export const Dropped = z.object({ dropped: z.int().nonnegative() });
export type Dropped = z.infer<typeof Dropped>;
