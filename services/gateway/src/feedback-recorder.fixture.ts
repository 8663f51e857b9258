import { randomUUID } from 'node:crypto';
import type { FeedbackEvent, MissedEvent } from '@verdict/contracts';
import type { Stores } from '@verdict/storage';

/** Records what came out of the feedback hub, as the retrainer would. */
export interface FeedbackRecorder {
  verdict(anomalyId: string, person: string, verdict: FeedbackEvent['verdict']): Promise<void>;
  missed(event: MissedEvent): Promise<void>;
  /** Either of them, as it stands in the hub. */
  said(body: Uint8Array): Promise<void>;
}

/** Claims a partition of the feedback hub in the database. */
export async function feedbackRecorder({ leases, feedback }: Stores): Promise<FeedbackRecorder> {
  const holder = 'retrainer';
  const member = { holder, address: null, pinnedVersion: null };
  const place = { group: 'feedback', partition: '0' };
  const lease = await leases.claim({ ...place, member, expiryMs: 600_000 });
  if (lease === null) throw new Error('the partition is held by somebody else');
  let sequence = 0;
  const record = (what: Pick<Parameters<typeof feedback.record>[0], 'events' | 'missed'>): Promise<void> =>
    feedback.record({
      ...place,
      epoch: lease.epoch,
      holder,
      checkpoint: sequence++,
      undecodable: [],
      ...what,
    });
  return {
    verdict: (anomalyId, person, verdict) => {
      const said = {
        version: 1,
        feedbackId: randomUUID(),
        anomalyId,
        verdict,
        person,
        at: Date.now(),
      } as const;
      return record({ events: [{ sequence, event: said }], missed: [] });
    },
    missed: (event) => record({ events: [], missed: [{ sequence, event }] }),
    said: (body) => {
      const event = JSON.parse(new TextDecoder().decode(body)) as FeedbackEvent | MissedEvent;
      return record(
        'kind' in event
          ? { events: [], missed: [{ sequence, event }] }
          : { events: [{ sequence, event }], missed: [] },
      );
    },
  };
}
