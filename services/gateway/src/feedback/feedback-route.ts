import { randomUUID } from 'node:crypto';
import { FeedbackAccepted, type FeedbackEvent, FeedbackRequest, mayTeach } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { AnomalyStore } from '@verdict/storage';
import type { EventSink } from '@verdict/streams';
import type { AnswerAdmission } from './answer-admission.ts';

/**
 * `POST /feedback`: a person's verdict on an anomaly. It is answered when the feedback hub has it; that one verdict
 * per person and anomaly is current comes from the label store, which the retrainer fills from the hub.
 */
export function feedbackRoute(parts: {
  anomalies: AnomalyStore;
  sink: EventSink;
  admission: AnswerAdmission;
}): Route {
  const { anomalies, sink, admission } = parts;
  return defineRoute({
    method: 'post',
    path: '/feedback',
    tag: 'anomalies',
    summary: 'Say whether an anomaly is real',
    description:
      'The answer counts from when it comes back on `GET /anomalies` and over the socket; that of a `reporter`, and one that came much faster than usual, is shown there as one that counts for nothing.',
    roles: ['analyst', 'reporter'],
    body: FeedbackRequest,
    response: FeedbackAccepted,
    status: 202,
    problems: {
      404: 'There is no such anomaly.',
      429: 'The quota of answers is used up; see Retry-After.',
      503: 'The hub cannot be reached; see Retry-After.',
    },
    handler: async ({ body, caller }) => {
      if ((await anomalies.get(body.anomalyId)) === null)
        throw new HttpProblem(404, { detail: `There is no anomaly ${body.anomalyId}.` });
      const feedbackId = randomUUID();
      await admission.send(caller, body.verdict === 'withdrawn', async (at) => {
        const event: FeedbackEvent = {
          ...body,
          version: 1,
          feedbackId,
          person: caller.name,
          at,
          teaches: mayTeach(caller.roles),
        };
        await sink.sendKeyed(body.anomalyId, Buffer.from(JSON.stringify(event)));
      });
      return { feedbackId };
    },
  });
}
