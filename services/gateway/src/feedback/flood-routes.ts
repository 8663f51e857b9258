import { AuditPage, AuditQuery, Flood, FloodList, FloodReview, FloodsQuery } from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { AnswerStore } from '@verdict/storage';
import { z } from 'zod';

/** What the review of answers needs. */
export interface FloodRouteParts {
  readonly answers: Pick<AnswerStore, 'floods' | 'review' | 'audit'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `GET /feedback/floods`, `POST /feedback/floods/{id}/review`, `GET /feedback/audit`; for admins. */
export function floodRoutes({ answers, clock, logger }: FloodRouteParts): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/feedback/floods',
      tag: 'anomalies',
      summary: 'Answers that somebody gave much faster than usual',
      description:
        'While a flood is open its answers count for nothing: not for confidence, the false-alarm memory or trainings. Newest first.',
      roles: ['admin'],
      query: FloodsQuery,
      response: FloodList,
      handler: async ({ query }) => ({ items: await answers.floods(query) }),
    }),
    defineRoute({
      method: 'post',
      path: '/feedback/floods/{id}/review',
      tag: 'anomalies',
      summary: 'Accept or discard the answers of a flood',
      description:
        'Accepted answers count from now on, discarded ones never will. It cannot be decided twice.',
      roles: ['admin'],
      params: z.strictObject({ id: z.uuid() }),
      body: FloodReview,
      response: Flood,
      problems: { 404: 'There is no such flood.', 409: 'It was reviewed otherwise before.' },
      handler: async ({ params: { id }, body, caller }) => {
        const found = await answers.review(id, { ...body, by: caller.name, atMs: clock.nowMs() });
        if (found === null) throw new HttpProblem(404, { detail: `There is no flood ${id}.` });
        const { flood, changed } = found;
        if (changed)
          logger.info({ flood: id, person: flood.person, by: caller.name }, `a flood was ${flood.state}`);
        // Asked again after a lost answer, it is as it was wanted.
        else if ((flood.state === 'accepted') !== (body.decision === 'accept'))
          throw new HttpProblem(409, { detail: `The flood was ${flood.state} by ${flood.reviewedBy}.` });
        return flood;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/feedback/audit',
      tag: 'anomalies',
      summary: 'Who answered what, when, and what it was before',
      description:
        'Verdicts, reports of missed anomalies, floods and their reviews, newest first. With `anomaly` only the verdicts on it.',
      roles: ['admin'],
      query: AuditQuery,
      response: AuditPage,
      handler: ({ query }) => answers.audit(query),
    }),
  ];
}
