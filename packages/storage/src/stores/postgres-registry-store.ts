import { AnomalyModelSpec, type TrainingRunView } from '@verdict/contracts';
import type { Database } from '../database/open-database.ts';
import type { ModelRow, RegistryStore, VersionRow } from '../ports/registry-store.ts';
import { tellChange } from './tell-change.ts';

/** Models, versions and trainings on PostgreSQL. */
export function postgresRegistryStore(db: Database): RegistryStore {
  return {
    putModel: (model) =>
      db.transaction(async (queries) => {
        await queries.query(
          `INSERT INTO model (namespace, name, spec) VALUES ($1, $2, $3)
           ON CONFLICT (namespace, name) DO UPDATE SET spec = excluded.spec`,
          [model.namespace, model.name, JSON.stringify(model.spec)],
        );
        await tellChange(queries, modelChange(model.namespace, model.name, 'its specification was written'));
      }),
    models: async () => {
      const rows = await db.query<ModelRow>(
        'SELECT namespace, name, spec FROM model ORDER BY namespace, name',
      );
      // One that was declared before a section of the spec existed has its defaults.
      return rows.map((row) => ({ ...row, spec: AnomalyModelSpec.parse(row.spec) }));
    },
    versions: (namespace, model) =>
      db.query<VersionRow>(
        `SELECT version, state, created_at_ms AS "createdAtMs", manifest, evaluation
           FROM model_version WHERE namespace = $1 AND model = $2 ORDER BY version`,
        [namespace, model],
      ),
    reserveVersion: async (namespace, model) => {
      const [row] = await db.query<{ last_version: number }>(
        `INSERT INTO model_version_counter (namespace, model, last_version) VALUES ($1, $2, 1)
         ON CONFLICT (namespace, model) DO UPDATE SET last_version = model_version_counter.last_version + 1
         RETURNING last_version`,
        [namespace, model],
      );
      if (row === undefined) throw new Error(`no version number was given to ${namespace}/${model}`);
      return row.last_version;
    },
    putVersion: (namespace, model, version) =>
      db.transaction(async (queries) => {
        await queries.query(
          `INSERT INTO model_version (namespace, model, version, state, created_at_ms, manifest, evaluation)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (namespace, model, version) DO UPDATE
              SET state = excluded.state, created_at_ms = excluded.created_at_ms, manifest = excluded.manifest,
                  evaluation = excluded.evaluation`,
          [
            namespace,
            model,
            version.version,
            version.state,
            version.createdAtMs,
            jsonOrNull(version.manifest),
            jsonOrNull(version.evaluation),
          ],
        );
        const event = `version ${version.version} is ${version.state}`;
        await tellChange(queries, modelChange(namespace, model, event));
      }),
    beginTraining: ({ namespace, model, triggerId }) =>
      db.transaction(async (queries) => {
        const begun = await queries.query(
          `INSERT INTO training (namespace, model, trigger_id, state, started_at, message)
           VALUES ($1, $2, $3, 'running', now(), '') ON CONFLICT DO NOTHING RETURNING trigger_id`,
          [namespace, model, triggerId],
        );
        if (begun.length === 0) return false;
        await tellChange(queries, modelChange(namespace, model, 'a training began'));
        return true;
      }),
    endTraining: (run) => endTraining(db, run),
    training: async (namespace, model, triggerId) => {
      const [run] = await trainings(db, { namespace, model, triggerId, limit: 1 });
      return run ?? null;
    },
    trainings: (namespace, model, limit) => trainings(db, { namespace, model, triggerId: null, limit }),
  };
}

function modelChange(namespace: string, name: string, event: string) {
  return { topic: 'model', namespace, name, event } as const;
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** The first end counts; throws when the training never began. */
async function endTraining(db: Database, run: Parameters<RegistryStore['endTraining']>[0]): Promise<void> {
  const { namespace, model, triggerId } = run;
  await db.transaction(async (queries) => {
    const ended = await queries.query(
      `UPDATE training SET state = $4, ended_at = now(), version = $5, message = $6
        WHERE namespace = $1 AND model = $2 AND trigger_id = $3 AND state = 'running' RETURNING trigger_id`,
      [namespace, model, triggerId, run.state, run.version, run.message],
    );
    if (ended.length > 0)
      return tellChange(queries, modelChange(namespace, model, `a training ${run.state}: ${run.message}`));
    const begun = await queries.query(
      'SELECT FROM training WHERE namespace = $1 AND model = $2 AND trigger_id = $3',
      [namespace, model, triggerId],
    );
    if (begun.length === 0) throw new Error(`the training ${triggerId} of ${namespace}/${model} never began`);
  });
}

async function trainings(
  db: Database,
  which: { namespace: string; model: string; triggerId: string | null; limit: number },
): Promise<TrainingRunView[]> {
  const rows = await db.query<
    Omit<TrainingRunView, 'startedAt' | 'endedAt'> & { started: Date; ended: Date | null }
  >(
    `SELECT trigger_id AS "triggerId", state, started_at AS started, ended_at AS ended, version, message
       FROM training WHERE namespace = $1 AND model = $2 AND ($3::text IS NULL OR trigger_id = $3)
      ORDER BY started_at DESC, trigger_id DESC LIMIT $4`,
    [which.namespace, which.model, which.triggerId, which.limit],
  );
  return rows.map(({ started, ended, ...run }) => ({
    ...run,
    startedAt: started.toISOString(),
    endedAt: ended?.toISOString() ?? null,
  }));
}
