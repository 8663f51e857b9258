import { MissedAccepted, mayTeach } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { LabelStore } from '@verdict/storage';
import type { EventSink } from '@verdict/streams';
import { z } from 'zod';
import type { AnswerAdmission } from '../feedback/answer-admission.ts';
import type { RecentReports, ReportedStretch } from './recent-reports.ts';
import { sendMissed } from './send-missed.ts';

/** `DELETE /missed/{id}`: a report is taken back by whoever made it. */
export function withdrawRoute(parts: {
  labels: LabelStore;
  sink: EventSink;
  admission: AnswerAdmission;
  recent: RecentReports;
}): Route {
  const { labels, sink, admission, recent } = parts;
  return defineRoute({
    method: 'delete',
    path: '/missed/{id}',
    tag: 'anomalies',
    summary: 'Take a report of a missed anomaly back',
    description:
      'By the person who made it, or an admin. Answered when the feedback hub has it; doing it twice is harmless.',
    roles: ['analyst', 'reporter'],
    params: z.strictObject({ id: z.uuid() }),
    response: MissedAccepted,
    status: 202,
    problems: {
      404: 'There is no such report.',
      429: 'The quota of answers is used up; see Retry-After.',
      503: 'The hub cannot be reached; see Retry-After.',
    },
    handler: async ({ params: { id }, caller }) => {
      const stored = await labels.missedReport(id);
      if (stored?.withdrawn) return { reportId: id };
      const report = stored === null ? recent.get(id) : stretchOf(stored);
      if (report === null) throw new HttpProblem(404, { detail: `There is no report ${id}.` });
      if (report.person !== caller.name && !caller.roles.includes('admin'))
        throw new HttpProblem(403, {
          detail: `The report is by ${report.person}: only this person or an admin can take it back.`,
        });
      const { series, fromMs: from, toMs: to } = report;
      const { name: person, roles } = caller;
      const event = { version: 1, kind: 'missed', reportId: id, withdrawn: true, series, from, to } as const;
      await admission.send(caller, true, (at) =>
        sendMissed(sink, { ...event, person, at, teaches: mayTeach(roles) }),
      );
      return { reportId: id };
    },
  });
}

function stretchOf(report: { series: string; from: string; to: string; person: string }): ReportedStretch {
  const { series, person } = report;
  return { series, person, fromMs: Date.parse(report.from), toMs: Date.parse(report.to) };
}
