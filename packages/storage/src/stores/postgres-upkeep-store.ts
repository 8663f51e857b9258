import type { Database, Queries } from '../database/open-database.ts';
import { StillInUse, type UpkeepStore } from '../ports/upkeep-store.ts';
import { tellChange } from './tell-change.ts';

/** Forgetting models and pools, on PostgreSQL. */
export function postgresUpkeepStore(db: Database): UpkeepStore {
  return {
    versionsInForce: async (pool) => {
      const rows = await db.query<{ version: number }>(
        `SELECT version FROM version_span WHERE pool = $1
         UNION SELECT shadow FROM version_span WHERE pool = $1 AND shadow IS NOT NULL
         UNION SELECT version FROM lease WHERE grp = $1 AND version IS NOT NULL
         UNION SELECT shadow FROM lease WHERE grp = $1 AND shadow IS NOT NULL
         UNION SELECT pinned_version FROM member
                WHERE grp = $1 AND pinned_version IS NOT NULL AND expires_at > now()
         ORDER BY version`,
        [pool],
      );
      return rows.map(({ version }) => version);
    },
    deletePool: (namespace, name) => db.transaction((queries) => deletePool(queries, { namespace, name })),
    deleteModel: (namespace, name) => db.transaction((queries) => deleteModel(queries, { namespace, name })),
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Tables of what belongs to a pool, by the column that has its key. */
const ofPool = [
  ['plan', 'pool'],
  ['rollout', 'pool'],
  ['lease', 'grp'],
  ['member', 'grp'],
  ['version_span', 'pool'],
  ['outbox', 'pool'],
  ['version_figures', 'pool'],
  ['shadow_figures', 'pool'],
  ['overlay_entry', 'pool'],
  ['overlay_head', 'pool'],
] as const;

/** Tables of what belongs to a model; the counter of its versions is none of them: a number is never given twice. */
const ofModel = [
  'model_version',
  'version_comparison',
  'training',
  'training_request',
  'model_trust',
  'trust_point',
] as const;

async function deletePool(queries: Queries, { namespace, name }: Named): Promise<string[]> {
  const key = `${namespace}/${name}`;
  // Locked first, so that a detector that claims a partition now is either seen or finds no pool.
  await queries.query('SELECT FROM lease WHERE grp = $1 FOR UPDATE', [key]);
  const live = await queries.query(
    `SELECT FROM member WHERE grp = $1 AND expires_at > now()
     UNION ALL SELECT FROM lease WHERE grp = $1 AND holder IS NOT NULL AND expires_at > now()`,
    [key],
  );
  if (live.length > 0) throw new StillInUse(`detectors of pool ${key} are at work`);
  for (const [table, column] of ofPool)
    await queries.query(`DELETE FROM ${table} WHERE ${column} = $1`, [key]);
  const snapshots = await queries.query<{ blob: string }>(
    'DELETE FROM snapshot WHERE pool = $1 RETURNING blob',
    [key],
  );
  const deleted = await queries.query('DELETE FROM pool WHERE namespace = $1 AND name = $2 RETURNING name', [
    namespace,
    name,
  ]);
  if (deleted.length > 0)
    await tellChange(queries, { topic: 'pool', namespace, name, event: 'it was deleted' });
  return snapshots.map(({ blob }) => blob);
}

async function deleteModel(queries: Queries, { namespace, name }: Named): Promise<string[]> {
  const own = [namespace, name];
  const running = await queries.query<{ trigger: string }>(
    `SELECT trigger_id AS trigger FROM training
      WHERE namespace = $1 AND model = $2 AND state = 'running' FOR UPDATE`,
    own,
  );
  if (running[0] !== undefined) throw new StillInUse(`the training ${running[0].trigger} is running`);
  const pools = await queries.query<Named>(
    'SELECT namespace, name FROM pool WHERE namespace = $1 AND model = $2 FOR UPDATE',
    own,
  );
  const snapshots: string[] = [];
  for (const pool of pools) snapshots.push(...(await deletePool(queries, pool)));
  for (const table of ofModel)
    await queries.query(`DELETE FROM ${table} WHERE namespace = $1 AND model = $2`, own);
  const deleted = await queries.query(
    'DELETE FROM model WHERE namespace = $1 AND name = $2 RETURNING name',
    own,
  );
  if (deleted.length > 0)
    await tellChange(queries, { topic: 'model', namespace, name, event: 'it was deleted' });
  return snapshots;
}
