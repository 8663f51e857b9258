import { z } from 'zod';
import { IsoTime } from './names.ts';

/** A person's answer on an anomaly: a real one, a false alarm, or the earlier answer taken back. */
export const Verdict = z.enum(['true', 'false', 'withdrawn']);
export type Verdict = z.infer<typeof Verdict>;

/** Id of an anomaly: 24 lower-case hex digits, see `anomalyId`. */
export const AnomalyId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, '24 lower-case hex digits')
  .meta({ description: 'Id of an anomaly', example: '0f1e2d3c4b5a69788796a5b4' });

const reason = z.string().max(80);
const comment = z.string().max(2000);

/** Body of `POST /feedback`. */
export const FeedbackRequest = z.strictObject({
  anomalyId: AnomalyId,
  verdict: Verdict,
  /** Short reason, such as `deployment` or `known maintenance`. */
  reason: reason.optional(),
  comment: comment.optional(),
});
export type FeedbackRequest = z.infer<typeof FeedbackRequest>;

/** Answer of `POST /feedback`: the feedback hub has it. */
export const FeedbackAccepted = z.object({ feedbackId: z.uuid() });
export type FeedbackAccepted = z.infer<typeof FeedbackAccepted>;

/** What travels through the feedback hub (JSON, partition key = anomalyId). */
export const FeedbackEvent = z.object({
  version: z.literal(1),
  /** Makes redelivery harmless. */
  feedbackId: z.uuid(),
  anomalyId: AnomalyId,
  verdict: Verdict,
  /** Who said it: the token's subject. */
  person: z.string().min(1).max(100),
  reason: reason.optional(),
  comment: comment.optional(),
  /** When the gateway took it, epoch milliseconds. */
  at: z.int().nonnegative(),
  /** False: the person had not the right to be learnt from; it is shown and counts for nothing. */
  teaches: z.boolean().optional(),
});
export type FeedbackEvent = z.infer<typeof FeedbackEvent>;

/** Why an answer counts for nothing: it waits for a review, was discarded by one, or its giver may not teach. */
export const Uncounted = z.enum(['held', 'discarded', 'no-right']);
export type Uncounted = z.infer<typeof Uncounted>;

/** A person's current verdict, as shown on an anomaly. */
export const CurrentVerdict = z.object({
  person: z.string(),
  verdict: z.enum(['true', 'false']),
  reason: z.string().nullable(),
  comment: z.string().nullable(),
  at: IsoTime,
  /** Only where it counts for nothing: why. */
  uncounted: Uncounted.optional(),
});
export type CurrentVerdict = z.infer<typeof CurrentVerdict>;
