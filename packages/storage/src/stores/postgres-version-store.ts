import type { Comparison } from '@verdict/contracts';
import type { Database } from '../database/open-database.ts';
import type { VersionStore, VersionSummaryRow } from '../ports/feedback-loop-stores.ts';
import { tellChange } from './tell-change.ts';

const length = (list: string) => `coalesce(jsonb_array_length(manifest #> '{labels,${list}}'), 0)`;
const taught = (where: string) =>
  `(SELECT count(*) FROM jsonb_array_elements(coalesce(manifest -> 'taught', '[]')) one WHERE ${where})`;

/** A `ManifestSummary` of the column `manifest`; manifests of older releases have neither labels nor taught patterns. */
const summary = `manifest - '{calibration,reference}'::text[] || jsonb_build_object(
  'taught', jsonb_build_object(
    'everywhere', ${taught("one ->> 'series' IS NULL")}, 'single', ${taught("one ->> 'series' IS NOT NULL")}),
  'labels', jsonb_build_object(
    'confirmed', ${length('confirmed')}, 'falseAlarms', ${length('falseAlarms')}, 'missed', ${length('missed')},
    'lastVerdict', coalesce((manifest #>> '{labels,lastVerdict}')::bigint, 0)))`;

/** What is known of versions beside their rows, on PostgreSQL. */
export function postgresVersionStore(db: Database): VersionStore {
  return {
    summaries: (namespace, model) =>
      db.query<VersionSummaryRow>(
        `SELECT version, state, created_at_ms AS "createdAtMs", evaluation, ${summary} AS manifest
           FROM model_version WHERE namespace = $1 AND model = $2 ORDER BY version`,
        [namespace, model],
      ),
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
