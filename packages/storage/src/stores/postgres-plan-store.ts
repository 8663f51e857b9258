import { DetectorPoolSpec, type PartitionPlan, type Plan } from '@verdict/contracts';
import type { Database, Queries } from '../database/open-database.ts';
import { ModelTaken, type PlanStore, type PoolRow, type PoolState } from '../ports/registry-store.ts';
import { splitPoolKey } from './pool-key.ts';
import { tellChange } from './tell-change.ts';

/** Pools and plans on PostgreSQL. */
export function postgresPlanStore(db: Database): PlanStore {
  return {
    putPool: (pool) => putPool(db, pool),
    pools: async () => {
      const rows = await db.query<PoolRow>('SELECT namespace, name, spec FROM pool ORDER BY namespace, name');
      // One that was declared before a section of the spec existed has its defaults.
      return rows.map((row) => ({ ...row, spec: DetectorPoolSpec.parse(row.spec) }));
    },
    plan: async (pool) => {
      const [row] = await db.query<Plan>('SELECT revision, partitions FROM plan WHERE pool = $1', [pool]);
      return row ?? { revision: 0, partitions: {} };
    },
    writePlan: (pool, expectedRevision, partitions) =>
      db.transaction((queries) => writePlan(queries, { pool, expectedRevision, partitions })),
    poolState: (pool) => poolState(db, pool),
  };
}

async function putPool(db: Database, pool: PoolRow): Promise<void> {
  const { namespace, name, spec } = pool;
  try {
    await db.transaction(async (queries) => {
      await queries.query(
        `INSERT INTO pool (namespace, name, model, spec) VALUES ($1, $2, $3, $4)
         ON CONFLICT (namespace, name) DO UPDATE SET model = excluded.model, spec = excluded.spec`,
        [namespace, name, spec.model, JSON.stringify(spec)],
      );
      await tellChange(queries, { topic: 'pool', namespace, name, event: 'its specification was written' });
    });
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'pool_model_taken') throw error;
    throw new ModelTaken(`another pool in ${namespace} serves the model ${spec.model}`, { cause: error });
  }
}

async function writePlan(
  queries: Queries,
  write: { pool: string; expectedRevision: number; partitions: Record<string, PartitionPlan> },
): Promise<Plan | null> {
  const { pool, expectedRevision, partitions } = write;
  const json = JSON.stringify(partitions);
  const [row] =
    expectedRevision === 0
      ? await queries.query<Plan>(
          `INSERT INTO plan (pool, revision, partitions) VALUES ($1, 1, $2)
           ON CONFLICT (pool) DO NOTHING RETURNING revision, partitions`,
          [pool, json],
        )
      : await queries.query<Plan>(
          `UPDATE plan SET revision = revision + 1, partitions = $3
            WHERE pool = $1 AND revision = $2 RETURNING revision, partitions`,
          [pool, expectedRevision, json],
        );
  if (row === undefined) return null;
  await tellChange(queries, {
    topic: 'pool',
    ...splitPoolKey(pool),
    event: `plan revision ${row.revision} was written`,
  });
  return row;
}

async function poolState(db: Database, pool: string): Promise<PoolState> {
  const partitions = await db.query<PoolState['partitions'][number]>(
    `SELECT lease.partition, held.holder, lease.epoch, lease.version, lease.shadow, lease.checkpoint,
            lease.readings, lease.duplicates, member.address
       FROM lease
       CROSS JOIN LATERAL (SELECT CASE WHEN lease.expires_at > now() THEN lease.holder END AS holder) held
       LEFT JOIN member ON member.grp = lease.grp AND member.holder = held.holder
      WHERE lease.grp = $1 ORDER BY length(lease.partition), lease.partition`,
    [pool],
  );
  const members = await db.query<PoolState['members'][number]>(
    `SELECT holder, address, floor(extract(epoch FROM seen_at) * 1000)::bigint AS "seenAtMs"
       FROM member WHERE grp = $1 AND expires_at > now() ORDER BY holder`,
    [pool],
  );
  return { partitions, members };
}
