import { AnomaliesPage, AnomaliesQuery, Anomaly, AnomalyId } from '@verdict/contracts';
import { anyRole, defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { AnomalyStore } from '@verdict/storage';
import { z } from 'zod';

/** Reading anomalies. */
export function anomalyRoutes(anomalies: AnomalyStore): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/anomalies',
      tag: 'anomalies',
      summary: 'List anomalies with the current verdicts on them',
      description: 'Newest first; with `since`, everything changed after that cursor, oldest change first.',
      roles: anyRole,
      query: AnomaliesQuery,
      response: AnomaliesPage,
      handler: ({ query }) => anomalies.list(query),
    }),
    defineRoute({
      method: 'get',
      path: '/anomalies/{id}',
      tag: 'anomalies',
      summary: 'One anomaly',
      roles: anyRole,
      params: z.strictObject({ id: AnomalyId }),
      response: Anomaly,
      problems: { 404: 'There is no such anomaly.' },
      handler: async ({ params }) => {
        const anomaly = await anomalies.get(params.id);
        if (anomaly === null) throw new HttpProblem(404, { detail: `There is no anomaly ${params.id}.` });
        return anomaly;
      },
    }),
  ];
}
