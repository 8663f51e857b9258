import { randomUUID } from 'node:crypto';
import { MissedAccepted, MissedQuery, MissedReport, MissedRequest, mayTeach } from '@verdict/contracts';
import { anyRole, type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { LabelStore, SeriesStore } from '@verdict/storage';
import type { EventSink } from '@verdict/streams';
import { z } from 'zod';
import type { AnswerAdmission } from '../feedback/answer-admission.ts';
import { checkStretch } from './check-stretch.ts';
import { RecentReports } from './recent-reports.ts';
import { sendMissed } from './send-missed.ts';
import { withdrawRoute } from './withdraw-route.ts';

/** What the routes of missed anomalies need. */
export interface MissedRouteParts {
  readonly labels: LabelStore;
  readonly series: SeriesStore;
  /** The feedback hub. */
  readonly sink: EventSink;
  readonly admission: AnswerAdmission;
  readonly clock: Clock;
}

/** Reports in one answer. */
const mostListed = 1000;

/** `GET /missed`, `POST /missed` and `DELETE /missed/{id}`: anomalies that nothing alarmed on. */
export function missedRoutes(parts: MissedRouteParts): Route[] {
  const { labels, series, sink, admission, clock } = parts;
  const recent = new RecentReports(clock);
  return [
    defineRoute({
      method: 'get',
      path: '/missed',
      tag: 'anomalies',
      summary: 'Stretches that people reported as anomalies and nothing alarmed on',
      description: `Reports that were taken back are not among them. Ascending by series and start; of more than ${mostListed} those that start last.`,
      roles: anyRole,
      query: MissedQuery,
      response: z.object({ items: z.array(MissedReport) }),
      handler: async ({ query }) => {
        const fromMs = query.from === undefined ? 0 : Date.parse(query.from);
        const toMs = query.to === undefined ? clock.nowMs() + 86_400_000 : Date.parse(query.to);
        const within = query.series === undefined ? {} : { series: query.series };
        return {
          items: await labels.missed({ ...within, fromMs, toMs, limit: mostListed, uncounted: true }),
        };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/missed',
      tag: 'anomalies',
      summary: 'Say that a stretch of a series was an anomaly',
      description:
        'For what nothing alarmed on. Answered when the feedback hub has it; it lowers recall, is kept out of what is learnt as normal, and new versions are tested on it. At most one day long, and not in the future.',
      roles: ['analyst', 'reporter'],
      body: MissedRequest,
      response: MissedAccepted,
      status: 202,
      problems: {
        404: 'There is no such series.',
        429: 'The quota of answers is used up; see Retry-After.',
        503: 'The hub cannot be reached; see Retry-After.',
      },
      handler: async ({ body, caller }) => {
        const nowMs = clock.nowMs();
        const fromMs = Date.parse(body.from);
        const toMs = Date.parse(body.to);
        checkStretch(fromMs, toMs, nowMs);
        if ((await series.get(body.series)) === null)
          throw new HttpProblem(404, { detail: `There is no series ${body.series}.` });
        const reportId = randomUUID();
        const { name: person, roles } = caller;
        const report = { ...body, version: 1, kind: 'missed', reportId, withdrawn: false } as const;
        await admission.send(caller, false, (at) =>
          sendMissed(sink, { ...report, from: fromMs, to: toMs, person, at, teaches: mayTeach(roles) }),
        );
        recent.add(reportId, { series: body.series, fromMs, toMs, person });
        return { reportId };
      },
    }),
    withdrawRoute({ labels, sink, admission, recent }),
  ];
}
