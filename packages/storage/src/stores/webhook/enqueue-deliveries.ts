import type { Queries } from '../../database/open-database.ts';

/**
 * Queues a change of an anomaly for every webhook that wants to be told of its model: within the transaction that
 * announces it, so that none is lost or told before it is committed. Once per anomaly and kind.
 */
export async function enqueueDeliveries(
  queries: Queries,
  anomalyId: string,
  kind: 'opened' | 'closed',
): Promise<void> {
  await queries.query(
    `INSERT INTO webhook_delivery (webhook, anomaly_id, kind)
     SELECT w.name, a.id, $2 FROM anomaly a, webhook w
      WHERE a.id = $1 AND w.disabled_why IS NULL
        AND (w.models = '{}' OR a.namespace || '/' || a.model = ANY(w.models))
     ON CONFLICT (webhook, anomaly_id, kind) DO NOTHING`,
    [anomalyId, kind],
  );
}
