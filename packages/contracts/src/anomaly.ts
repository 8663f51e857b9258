import { z } from 'zod';
import { AlarmPattern, mostPatterns } from './alarm-pattern.ts';
import { AnomalyId, CurrentVerdict } from './feedback.ts';
import { IsoTime, ResourceName, SeriesKey, SignalName } from './names.ts';

/** How one signal contributed, measured at the anomaly's peak. */
export const SignalContribution = z.object({
  signal: SignalName,
  /** Share of the score, 0 to 1; the shares of an anomaly add up to 1. */
  share: z.number().min(0).max(1),
  /** The value read at the peak; null when missing. */
  value: z.number().nullable(),
  /** What the model expected there; null when it cannot say. */
  expected: z.number().nullable(),
  /** Half the width of the expected band around `expected`, in the signal's unit; null when unknown. */
  band: z.number().nullable(),
});
export type SignalContribution = z.infer<typeof SignalContribution>;

const anomalyCore = {
  id: AnomalyId,
  namespace: ResourceName,
  pool: ResourceName,
  model: ResourceName,
  /** Version that opened it; its verdict counts for this one. */
  modelVersion: z.int().nonnegative(),
  series: SeriesKey,
  /** Time of the first reading. */
  start: IsoTime,
  /** Time of the last anomalous reading so far. */
  end: IsoTime,
  state: z.enum(['open', 'closed']),
  peak: z.object({ time: IsoTime, score: z.number().min(0).max(1) }),
  /** Most contributing first. */
  signals: z.array(SignalContribution),
  /** The kinds of alarming readings in it, each as strong as it came; the first kind first. */
  patterns: z.array(AlarmPattern).max(mostPatterns),
  /** Grows by one with every change; whoever has a newer one drops this one. */
  revision: z.int().positive(),
};

/** Body of `POST /anomaly`: detectors report changes after they are committed; at least once, ordered per anomaly. */
export const AnomalyNotification = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        kind: z.enum(['opened', 'updated', 'closed']),
        anomalyId: AnomalyId,
        revision: z.int32().positive(),
      }),
    )
    .min(1)
    .max(1000),
});
export type AnomalyNotification = z.infer<typeof AnomalyNotification>;

/** An anomaly with the current verdicts on it. */
export const Anomaly = z.object({ ...anomalyCore, verdicts: z.array(CurrentVerdict) });
export type Anomaly = z.infer<typeof Anomaly>;

/** Query of `GET /anomalies`. */
export const AnomaliesQuery = z.strictObject({
  series: SeriesKey.optional(),
  model: ResourceName.optional(),
  /** Overlapping this instant or later. */
  from: IsoTime.optional(),
  /** Starting before this instant. */
  to: IsoTime.optional(),
  state: z.enum(['open', 'closed']).optional(),
  /** `none` = nobody has judged it, `any` = somebody has. */
  verdict: z.enum(['none', 'any', 'true', 'false']).optional(),
  /** Everything changed since this cursor (from an earlier answer's `cursor`), oldest change first. */
  since: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  /** Continues a listing: `next` of the earlier page. */
  next: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type AnomaliesQuery = z.output<typeof AnomaliesQuery>;

/** Answer of `GET /anomalies`, newest start first (or oldest change first with `since`). */
export const AnomaliesPage = z.object({
  items: z.array(Anomaly),
  /** Opaque; null when there is no further page. */
  next: z.string().nullable(),
  /** Give this as `since` after a reconnect: everything committed later, and perhaps a little twice. */
  cursor: z.string(),
});
export type AnomaliesPage = z.infer<typeof AnomaliesPage>;
