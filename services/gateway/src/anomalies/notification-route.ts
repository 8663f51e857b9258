import { AnomalyNotification } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route, type Tracing } from '@verdict/process';
import type { AnomalyStore } from '@verdict/storage';
import { z } from 'zod';

/** Of one request: a quarter of the connections to the database. */
const anomaliesAtOnce = 4;

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
      const unknown = new Map<number, { field: string; message: string }>();
      const byAnomaly = [...Map.groupBy(body.changes.entries(), ([, { anomalyId }]) => anomalyId)].values();
      const announceNext = async (): Promise<void> => {
        for (const [id, changes] of byAnomaly) {
          // One after the other: revisions of one anomaly must be told in order.
          for (const [index, { revision, kind }] of changes) {
            if (await anomalies.announce({ id, revision, kind, ...tracing.headers() })) announced += 1;
            else if ((await anomalies.get(id)) === null)
              unknown.set(index, {
                field: `changes[${index}].anomalyId`,
                message: `there is no anomaly ${id}`,
              });
          }
        }
      };
      await Promise.all(Array.from({ length: anomaliesAtOnce }, announceNext));
      if (announced > 0) onAnnounced();
      if (unknown.size > 0) {
        const errors = [...unknown].toSorted(([a], [b]) => a - b).map(([, error]) => error);
        throw new HttpProblem(409, { detail: `${errors.length} anomalies are not known.`, errors });
      }
      return { announced, old: body.changes.length - announced };
    },
  });
}
