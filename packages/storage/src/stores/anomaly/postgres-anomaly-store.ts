import type { Database } from '../../database/open-database.ts';
import type { AnomalyStore } from '../../ports/query-stores.ts';
import { countedVerdict } from '../answers/held-back.ts';
import { tellChange } from '../tell-change.ts';
import { enqueueDeliveries } from '../webhook/enqueue-deliveries.ts';
import { type AnomalyRow, anomalyColumns, anomalyOf } from './anomaly-row.ts';
import { listAnomalies } from './list-anomalies.ts';

/** Anomalies for readers, on PostgreSQL. `list` throws `InvalidPageToken` for a `next` that it did not give. */
export function postgresAnomalyStore(db: Database): AnomalyStore {
  return {
    list: (query) => listAnomalies(db, query),
    get: async (id) => {
      const [row] = await db.query<AnomalyRow>(`SELECT ${anomalyColumns} FROM anomaly a WHERE a.id = $1`, [
        id,
      ]);
      return row === undefined ? null : anomalyOf(row);
    },
    announce: (change) =>
      db.transaction(async (queries) => {
        const { id, revision, kind } = change;
        const told = await queries.query(
          'UPDATE anomaly SET told_revision = $2 WHERE id = $1 AND told_revision < $2 RETURNING id',
          [id, revision],
        );
        if (told.length === 0) return false;
        if (kind !== 'updated') await enqueueDeliveries(queries, id, kind);
        await tellChange(queries, { topic: 'anomaly', ...change });
        return true;
      }),
    counts: () => counts(db),
  };
}

/** An anomaly that as many people call real as false counts as real: overlooking one costs more. */
async function counts(db: Database): ReturnType<AnomalyStore['counts']> {
  const rows = await db.query<{
    model: string;
    total: number;
    last_day: number;
    judged_true: number;
    judged_false: number;
  }>(
    `WITH judged AS (
       SELECT anomaly_id, count(*) FILTER (WHERE verdict = 'true') >= count(*) FILTER (WHERE verdict = 'false') AS real
         FROM (SELECT f.anomaly_id, ${countedVerdict('f')} AS verdict FROM feedback_current f) said
        WHERE verdict IN ('true', 'false') GROUP BY anomaly_id)
     SELECT a.namespace || '/' || a.model AS model, count(*) AS total,
            count(*) FILTER (WHERE a.start_ms >= extract(epoch FROM now()) * 1000 - 86400000) AS last_day,
            count(*) FILTER (WHERE judged.real) AS judged_true,
            count(*) FILTER (WHERE NOT judged.real) AS judged_false
       FROM anomaly a LEFT JOIN judged ON judged.anomaly_id = a.id
      GROUP BY a.namespace, a.model`,
  );
  return new Map(
    rows.map((row) => [
      row.model,
      {
        total: row.total,
        lastDay: row.last_day,
        judgedTrue: row.judged_true,
        judgedFalse: row.judged_false,
      },
    ]),
  );
}
