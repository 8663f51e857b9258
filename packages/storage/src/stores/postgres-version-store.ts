import type { Comparison } from '@verdict/contracts';
import type { Database } from '../database/open-database.ts';
import type { VersionStore } from '../ports/feedback-loop-stores.ts';
import { tellChange } from './tell-change.ts';

/** What is known of versions beside their rows, on PostgreSQL. */
export function postgresVersionStore(db: Database): VersionStore {
  return {
    setState: (namespace, model, version, state) =>
      db.transaction(async (queries) => {
        const changed = await queries.query(
          `UPDATE model_version SET state = $4 WHERE namespace = $1 AND model = $2 AND version = $3
           RETURNING version`,
          [namespace, model, version, state],
        );
        if (changed.length === 0) return false;
        const event = `version ${version} is ${state}`;
        await tellChange(queries, { topic: 'model', namespace, name: model, event });
        return true;
      }),
    putComparison: async (namespace, model, comparison) => {
      await db.query(
        `INSERT INTO version_comparison (namespace, model, version, comparison) VALUES ($1, $2, $3, $4)
         ON CONFLICT (namespace, model, version) DO UPDATE SET comparison = excluded.comparison`,
        [namespace, model, comparison.candidate, JSON.stringify(comparison)],
      );
    },
    comparison: async (namespace, model, version) => {
      const [row] = await db.query<{ comparison: Comparison }>(
        `SELECT comparison FROM version_comparison WHERE namespace = $1 AND model = $2 AND version = $3`,
        [namespace, model, version],
      );
      return row?.comparison ?? null;
    },
    askTraining: (namespace, model, triggerId) =>
      db.transaction(async (queries) => {
        await queries.query(
          `INSERT INTO training_request (namespace, model, trigger_id) VALUES ($1, $2, $3)
           ON CONFLICT (namespace, model) DO UPDATE
              SET trigger_id = excluded.trigger_id, asked_at = excluded.asked_at`,
          [namespace, model, triggerId],
        );
        await tellChange(queries, {
          topic: 'model',
          namespace,
          name: model,
          event: 'a training was asked for',
        });
      }),
    asked: async (namespace, model) => {
      const [row] = await db.query<{ trigger_id: string }>(
        `SELECT asked.trigger_id FROM training_request asked
          WHERE asked.namespace = $1 AND asked.model = $2 AND NOT EXISTS (
            SELECT FROM training t
             WHERE t.namespace = asked.namespace AND t.model = asked.model AND t.trigger_id = asked.trigger_id)`,
        [namespace, model],
      );
      return row?.trigger_id ?? null;
    },
  };
}
