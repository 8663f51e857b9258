import type { ModelTrust, TrustPoint } from '@verdict/contracts';
import type { Database, Queries } from '../database/open-database.ts';
import type { TrustStore } from '../ports/feedback-loop-stores.ts';
import { tellChange } from './tell-change.ts';

/** How long points of the history are kept. */
const keptMs = 30 * 86_400_000;

/** Trust in models on PostgreSQL. */
export function postgresTrustStore(db: Database): TrustStore {
  return {
    get: async (namespace, model) => {
      const [row] = await db.query<{ revision: number; trust: ModelTrust; signs: unknown }>(
        'SELECT revision, trust, signs FROM model_trust WHERE namespace = $1 AND model = $2',
        [namespace, model],
      );
      return row ?? null;
    },
    put: (request) => db.transaction((queries) => put(queries, request)),
    history: (request) => history(db, request),
  };
}

type PutRequest = Parameters<TrustStore['put']>[0];

async function put(queries: Queries, request: PutRequest): Promise<boolean> {
  const { namespace, model, expectedRevision } = request;
  const values = [namespace, model, JSON.stringify(request.trust), JSON.stringify(request.signs ?? null)];
  const written =
    expectedRevision === 0
      ? await queries.query(
          `INSERT INTO model_trust (namespace, model, revision, trust, signs) VALUES ($1, $2, 1, $3, $4)
           ON CONFLICT (namespace, model) DO NOTHING RETURNING revision`,
          values,
        )
      : await queries.query(
          `UPDATE model_trust SET revision = revision + 1, trust = $3, signs = $4
            WHERE namespace = $1 AND model = $2 AND revision = $5 RETURNING revision`,
          [...values, expectedRevision],
        );
  if (written.length === 0) return false;
  if (request.point !== null) await addPoint(queries, request, request.point);
  if (request.tell) await tellChange(queries, { topic: 'trust', namespace, name: model });
  return true;
}

async function addPoint(
  queries: Queries,
  { namespace, model }: { namespace: string; model: string },
  point: TrustPoint,
): Promise<void> {
  const atMs = Date.parse(point.at);
  await queries.query(
    `INSERT INTO trust_point (namespace, model, at_ms, point) VALUES ($1, $2, $3, $4)
     ON CONFLICT (namespace, model, at_ms) DO UPDATE SET point = excluded.point`,
    [namespace, model, atMs, JSON.stringify(point)],
  );
  await queries.query('DELETE FROM trust_point WHERE namespace = $1 AND model = $2 AND at_ms < $3', [
    namespace,
    model,
    atMs - keptMs,
  ]);
}

/**
 * Of n points at most `limit` = m: those at which floor(place · (m − 1) / (n − 1)) steps up, which are evenly spread
 * and have the first and the last among them. Places are found in the index alone, before any point is read.
 */
async function history(
  queries: Queries,
  { namespace, model, fromMs, toMs, limit }: Parameters<TrustStore['history']>[0],
): Promise<TrustPoint[]> {
  if (limit < 1) return [];
  const rows = await queries.query<{ point: TrustPoint }>(
    `WITH placed AS (
       SELECT at_ms, row_number() OVER (ORDER BY at_ms) - 1 AS place, count(*) OVER () AS n
         FROM trust_point WHERE namespace = $1 AND model = $2 AND at_ms BETWEEN $3 AND $4),
     chosen AS (
       SELECT at_ms FROM placed
        WHERE n <= $5 OR place = n - 1
           OR ($5 > 1 AND (place = 0 OR place * ($5 - 1) / (n - 1) > (place - 1) * ($5 - 1) / (n - 1))))
     SELECT point FROM trust_point
      WHERE namespace = $1 AND model = $2 AND at_ms = ANY (ARRAY(SELECT at_ms FROM chosen))
      ORDER BY at_ms`,
    [namespace, model, fromMs, toMs, limit],
  );
  return rows.map((row) => row.point);
}
