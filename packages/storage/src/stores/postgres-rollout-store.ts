import type { RolloutRecord } from '@verdict/contracts';
import type { Database, Queries } from '../database/open-database.ts';
import { type RolloutStore, TooManyCommands } from '../ports/feedback-loop-stores.ts';
import type { VersionLife } from '../ports/partition-store.ts';
import { dropOldFigures, servedSince } from './old-figures.ts';
import { splitPoolKey } from './pool-key.ts';
import { shadowLives } from './shadow-lives.ts';
import { tellChange } from './tell-change.ts';

/** Events that are kept. */
const mostEvents = 100;
/** Commands that may wait. */
const mostCommands = 10;

const columns = 'revision, state, baseline, events, commands';
const nothing: RolloutRecord = { revision: 0, state: null, baseline: null, events: [], commands: [] };

/** Rollouts on PostgreSQL. */
export function postgresRolloutStore(db: Database): RolloutStore {
  return {
    get: async (pool) => {
      const [row] = await db.query<RolloutRecord>(`SELECT ${columns} FROM rollout WHERE pool = $1`, [pool]);
      return row ?? nothing;
    },
    put: (pool, expectedRevision, update) =>
      db.transaction((queries) => put(queries, { pool, expectedRevision, update })),
    command: (pool, id, command) =>
      db.transaction(async (queries) => {
        const { state, commands } = await lockRecord(queries, pool);
        if (commands.some((waiting) => waiting.id === id) || state?.handledCommands.includes(id)) return;
        if (commands.length >= mostCommands)
          throw new TooManyCommands(`${commands.length} commands for the rollout of ${pool} wait already`);
        await queries.query('UPDATE rollout SET commands = $2 WHERE pool = $1', [
          pool,
          JSON.stringify([...commands, { id, ...command }]),
        ]);
      }),
    figures: (pool) => figures(db, pool),
    shadows: (pool) => shadowLives(db, pool),
    servedSince: (pool) => servedSince(db, pool),
    dropOldFigures: (beforeMs) => dropOldFigures(db, beforeMs),
  };
}

async function put(
  queries: Queries,
  write: { pool: string; expectedRevision: number; update: Parameters<RolloutStore['put']>[2] },
): Promise<RolloutRecord | null> {
  const { pool, expectedRevision, update } = write;
  const before = await lockRecord(queries, pool);
  if (before.revision !== expectedRevision) return null;
  const at = before.now.toISOString();
  const handled = new Set(update.state.handledCommands);
  const after: RolloutRecord = {
    revision: before.revision + 1,
    state: update.state,
    baseline: update.baseline,
    events: [...before.events, ...update.events.map((event) => ({ ...event, at }))].slice(-mostEvents),
    commands: before.commands.filter((command) => !handled.has(command.id)),
  };
  await queries.query(
    `UPDATE rollout SET revision = $2, state = $3, baseline = $4, events = $5, commands = $6 WHERE pool = $1`,
    [
      pool,
      after.revision,
      JSON.stringify(after.state),
      after.baseline === null ? null : JSON.stringify(after.baseline),
      JSON.stringify(after.events),
      JSON.stringify(after.commands),
    ],
  );
  for (const { message } of update.events)
    await tellChange(queries, { topic: 'pool', ...splitPoolKey(pool), event: message });
  return after;
}

/** The record, locked to the end of the transaction; made where there is none. */
async function lockRecord(queries: Queries, pool: string): Promise<RolloutRecord & { now: Date }> {
  await queries.query('INSERT INTO rollout (pool, revision) VALUES ($1, 0) ON CONFLICT (pool) DO NOTHING', [
    pool,
  ]);
  const [row] = await queries.query<RolloutRecord & { now: Date }>(
    `SELECT ${columns}, clock_timestamp() AS now FROM rollout WHERE pool = $1 FOR UPDATE`,
    [pool],
  );
  if (row === undefined) throw new Error(`the rollout of ${pool} vanished`);
  return row;
}

interface LifeRow extends Omit<VersionLife, 'pValues' | 'inputs' | 'logResiduals'> {
  readonly partition: string;
  /** bigint[]: the driver gives its elements as text. */
  readonly p_values: string[];
  readonly inputs: string[];
  readonly log_residual_sum: number;
  readonly log_residuals: number;
}

async function figures(queries: Queries, pool: string): Promise<(VersionLife & { partition: string })[]> {
  const rows = await queries.query<LifeRow>(
    `SELECT partition, version, readings, anomalies, alarms, quieted, errors, p_values, inputs, log_residual_sum,
            log_residuals, floor(extract(epoch FROM since) * 1000)::bigint AS "sinceMs"
       FROM version_figures WHERE pool = $1 ORDER BY length(partition), partition, version`,
    [pool],
  );
  return rows.map(({ p_values, inputs, log_residual_sum, log_residuals, ...row }) => ({
    ...row,
    pValues: p_values.map(Number),
    inputs: inputs.map(Number),
    logResiduals: { sum: log_residual_sum, count: log_residuals },
  }));
}
