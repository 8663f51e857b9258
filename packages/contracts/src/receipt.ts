import { z } from 'zod';
import { AnomalyId } from './feedback.ts';
import { IsoTime } from './names.ts';

/** What most people say of an anomaly; `undecided` when as many say one thing as the other. */
export const Judgement = z.enum(['confirmed', 'false-alarm', 'undecided', 'unjudged']);
export type Judgement = z.infer<typeof Judgement>;

/** Answer of `GET /anomalies/{id}/receipt`: what the verdicts on an anomaly did. */
export const Receipt = z.object({
  anomalyId: AnomalyId,
  judgement: Judgement,
  /** People who say true and false. */
  answers: z.object({ true: z.int().nonnegative(), false: z.int().nonnegative() }),
  /** The false-alarm memory that quiets its like on this series; null when there is none. */
  memory: z.object({ since: IsoTime, until: IsoTime }).nullable(),
  /** Alarms of the last 30 days on this series that its like would have quieted, had it been known. */
  similar: z.object({
    alarms: z.int().nonnegative(),
    wouldNotHaveFired: z.int().nonnegative(),
    /** At most 20, newest first. */
    ids: z.array(AnomalyId),
  }),
  /** Confirmed anomalies of the last 30 days on this series, and how many would still be found. */
  confirmed: z.object({ total: z.int().nonnegative(), stillFound: z.int().nonnegative() }),
  /** First version that learnt from it, and when it first served people (null = never); null while none has. */
  learntBy: z
    .object({
      version: z.int().positive(),
      state: z.enum(['candidate', 'accepted', 'refused', 'aborted', 'retired']),
      servesSince: IsoTime.nullable(),
    })
    .nullable(),
  /** The same in plain sentences, to be shown as they are. */
  sentences: z.array(z.string()),
});
export type Receipt = z.infer<typeof Receipt>;

/** Item of `GET /anomalies/worth-asking`: one whose answer would tell much. */
export const WorthAsking = z.object({
  anomalyId: AnomalyId,
  /** 0 to 4. */
  worth: z.number(),
  reasons: z.array(z.string()),
});
export type WorthAsking = z.infer<typeof WorthAsking>;
