import { AnomalyNotification } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route, type Tracing } from '@verdict/process';
import type { AnomalyStore } from '@verdict/storage';
import { z } from 'zod';

/**
 * `POST /anomaly`: detectors tell which anomalies changed, after their commit; at least once, in order per anomaly.
 * An id that is not in the database is a 409 after all others were announced: the commit may not be visible here yet
 * (a replica), so repeating the same notification a bounded number of times is right and harmless. `onAnnounced` is
 * called when there was something new.
 */
export function notificationRoute(
  anomalies: AnomalyStore,
  { onAnnounced, tracing }: { onAnnounced: () => void; tracing: Tracing },
): Route {
  return defineRoute({
    method: 'post',
    path: '/anomaly',
    tag: 'platform',
    summary: 'Tell about committed changes of anomalies (detectors)',
    roles: ['service'],
    body: AnomalyNotification,
    response: z.object({
      /** Changes that are on their way to the clients now. */
      announced: z.int().nonnegative(),
      /** Changes that were told before. */
      old: z.int().nonnegative(),
    }),
    maxBodyBytes: 512 * 1024,
    problems: { 409: 'Some anomalies are not known (here, yet); the others were announced.' },
    handler: async ({ body }) => {
      let announced = 0;
      const unknown: { field: string; message: string }[] = [];
      // One after the other: revisions of one anomaly must be told in order.
      for (const [index, { anomalyId, revision, kind }] of body.changes.entries()) {
        if (await anomalies.announce({ id: anomalyId, revision, kind, ...tracing.headers() })) announced += 1;
        else if ((await anomalies.get(anomalyId)) === null)
          unknown.push({ field: `changes[${index}].anomalyId`, message: `there is no anomaly ${anomalyId}` });
      }
      if (announced > 0) onAnnounced();
      if (unknown.length > 0)
        throw new HttpProblem(409, { detail: `${unknown.length} anomalies are not known.`, errors: unknown });
      return { announced, old: body.changes.length - announced };
    },
  });
}
