import { z } from 'zod';
import { AnomalyId, Uncounted, Verdict } from './feedback.ts';
import { IsoTime, SeriesKey } from './names.ts';

/** Answers that somebody gave much faster than usual; they count for nothing until an admin accepts them. */
export const Flood = z.object({
  id: z.uuid(),
  person: z.string(),
  /** What the person answered from `from` to `until` belongs to it, both included. */
  from: IsoTime,
  until: IsoTime,
  /** Most answers within a minute. */
  perMinute: z.int().positive(),
  /** More than so many within a minute were a flood. */
  limit: z.number().positive(),
  /** Answers in a busy minute of this person before; null = too little is known. */
  usual: z.number().nullable(),
  state: z.enum(['open', 'accepted', 'discarded']),
  /** Answers in it that were recorded, by what they say; `missed` are reports of missed anomalies. */
  answers: z.object({
    true: z.int().nonnegative(),
    false: z.int().nonnegative(),
    withdrawn: z.int().nonnegative(),
    missed: z.int().nonnegative(),
  }),
  /** Who reviewed it, when, and what they noted. */
  reviewedBy: z.string().nullable(),
  reviewedAt: IsoTime.nullable(),
  note: z.string().nullable(),
});
export type Flood = z.infer<typeof Flood>;

/** Query of `GET /feedback/floods`. */
export const FloodsQuery = z.strictObject({
  state: z.enum(['open', 'accepted', 'discarded']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type FloodsQuery = z.output<typeof FloodsQuery>;

/** Answer of `GET /feedback/floods`: newest first. */
export const FloodList = z.object({ items: z.array(Flood) });
export type FloodList = z.infer<typeof FloodList>;

/** Body of `POST /feedback/floods/{id}/review`. */
export const FloodReview = z.strictObject({
  /** `accept`: its answers count from now on; `discard`: they never will. */
  decision: z.enum(['accept', 'discard']),
  note: z.string().max(500).optional(),
});
export type FloodReview = z.infer<typeof FloodReview>;

/** What the audit trail tells of. */
export const AuditAction = z.enum([
  'verdict',
  'missed-reported',
  'missed-withdrawn',
  'flood-raised',
  'flood-accepted',
  'flood-discarded',
  'webhook-created',
  'webhook-secret-changed',
  'webhook-tested',
  'webhook-redelivered',
  'webhook-removed',
  'dead-letters-replayed',
  'dead-letters-dropped',
]);
export type AuditAction = z.infer<typeof AuditAction>;

/** One line of the audit trail: who did what, when, and what it was before. */
export const AuditEntry = z.object({
  at: IsoTime,
  /** Who did it; of a raised flood, whose answers it is about. */
  person: z.string(),
  action: AuditAction,
  /** Id of the anomaly, the report or the flood; name of the webhook; which dead letters. */
  subject: z.string(),
  series: SeriesKey.nullable(),
  /** The verdict given, and this person's verdict on the anomaly before; null = none, or no verdict. */
  verdict: Verdict.nullable(),
  before: Verdict.nullable(),
  /** The reason or note that was given, or what happened in words. */
  text: z.string().nullable(),
  /** Why it counts for nothing; null = it counts. */
  uncounted: Uncounted.nullable(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Query of `GET /feedback/audit`. */
export const AuditQuery = z.strictObject({
  person: z.string().min(1).max(100).optional(),
  anomaly: AnomalyId.optional(),
  action: AuditAction.optional(),
  /** Not before this instant, and before that one. */
  from: IsoTime.optional(),
  to: IsoTime.optional(),
  /** Continues a listing: `next` of the earlier page. */
  next: z
    .string()
    .regex(/^\d{1,15}-[01]-\d{1,18}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export type AuditQuery = z.output<typeof AuditQuery>;

/** Answer of `GET /feedback/audit`: newest first. */
export const AuditPage = z.object({
  items: z.array(AuditEntry),
  /** Opaque; null when there is no further page. */
  next: z.string().nullable(),
});
export type AuditPage = z.infer<typeof AuditPage>;
