import { randomUUID } from 'node:crypto';
import type { FeedbackEvent, MissedEvent } from '@verdict/contracts';
import type { Stores } from '@verdict/storage';
import { recordFeedback } from '@verdict/storage/testing';

/** Records what came out of the feedback hub, one after the other, as the retrainer would. */
export interface FeedbackRecorder {
  verdict(anomalyId: string, person: string, verdict: FeedbackEvent['verdict']): Promise<void>;
  missed(event: MissedEvent): Promise<void>;
  /** Either of them, as it stands in the hub. */
  said(body: Uint8Array): Promise<void>;
}

/** Records in partition `0` of the feedback hub, which it holds for each record alone. */
export function feedbackRecorder(stores: Stores): FeedbackRecorder {
  const judged = (event: FeedbackEvent): Promise<void> =>
    recordFeedback(stores, (sequence) => ({ events: [{ sequence, event }], missed: [] }));
  const missed = (event: MissedEvent): Promise<void> =>
    recordFeedback(stores, (sequence) => ({ events: [], missed: [{ sequence, event }] }));
  return {
    verdict: (anomalyId, person, verdict) =>
      judged({ version: 1, feedbackId: randomUUID(), anomalyId, verdict, person, at: Date.now() }),
    missed,
    said: (body) => {
      const event = JSON.parse(new TextDecoder().decode(body)) as FeedbackEvent | MissedEvent;
      return 'kind' in event ? missed(event) : judged(event);
    },
  };
}
