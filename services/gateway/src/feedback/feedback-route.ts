import { randomUUID } from 'node:crypto';
import { FeedbackAccepted, type FeedbackEvent, FeedbackRequest } from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { AnomalyStore } from '@verdict/storage';
import type { EventSink } from '@verdict/streams';

/**
 * `POST /feedback`: a person's verdict on an anomaly. It is answered when the feedback hub has it; that one verdict
 * per person and anomaly is current comes from the label store, which the retrainer fills from the hub.
 */
export function feedbackRoute(parts: { anomalies: AnomalyStore; sink: EventSink; clock: Clock }): Route {
  const { anomalies, sink, clock } = parts;
  return defineRoute({
    method: 'post',
    path: '/feedback',
    tag: 'anomalies',
    summary: 'Say whether an anomaly is real',
    description: 'The answer counts from when it comes back on `GET /anomalies` and over the socket.',
    roles: ['analyst'],
    body: FeedbackRequest,
    response: FeedbackAccepted,
    status: 202,
    problems: { 404: 'There is no such anomaly.', 503: 'The hub cannot be reached; see Retry-After.' },
    handler: async ({ body, caller }) => {
      if ((await anomalies.get(body.anomalyId)) === null)
        throw new HttpProblem(404, { detail: `There is no anomaly ${body.anomalyId}.` });
      const event: FeedbackEvent = {
        ...body,
        version: 1,
        feedbackId: randomUUID(),
        person: caller.name,
        at: clock.nowMs(),
      };
      await sink.sendKeyed(body.anomalyId, Buffer.from(JSON.stringify(event)));
      return { feedbackId: event.feedbackId };
    },
  });
}
