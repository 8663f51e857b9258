import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { openStores } from '../open-stores.ts';
import { judge } from '../testing/fill-stores.ts';
import { storeTest } from '../testing/store-test.ts';
import { migrate } from './migrate.ts';
import { type Database, openDatabase } from './open-database.ts';

const tests = storeTest();
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const idOf = (n: number) => n.toString(16).padStart(24, '0');

/** A database of the first release, with what people and detectors left in it. */
async function oldDatabase(): Promise<Database> {
  const url = await tests.server.createDatabase('old');
  await runner({
    databaseUrl: url,
    dir: fileURLToPath(new URL('../../migrations', import.meta.url)),
    direction: 'up',
    migrationsTable: 'schema_migration',
    count: 1,
    logger: quiet,
  });
  const db = openDatabase({ url, applicationName: 'test' });
  await db.query(
    `INSERT INTO anomaly (id, namespace, pool, model, model_version, series, state, start_ms, end_ms, peak_ms,
                          peak_score, signals, revision, changed_xid)
     SELECT lpad(n::text, 24, '0'), 'default', 'shop', 'shop', 0, 'shop/cart', 'closed', 1000 * n, 1000 * n + 500,
            1000 * n, 0.9, '[]', 1, pg_current_xact_id() FROM generate_series(1, 3) n`,
  );
  await db.query(
    `INSERT INTO feedback_event (feedback_id, grp, partition, sequence, anomaly_id, person, verdict, at_ms)
     SELECT gen_random_uuid(), 'feedback', '1', n, lpad(n::text, 24, '0'), 'eve', 'true', n
       FROM generate_series(1, 3) n`,
  );
  await db.query(
    `INSERT INTO model_version (namespace, model, version, state, created_at_ms) VALUES ('default', 'shop', 1, 'accepted', 5)`,
  );
  await db.query(
    `INSERT INTO model (namespace, name, spec) VALUES ('default', 'shop', '{"series": ["shop/**"]}')`,
  );
  await db.query(
    `INSERT INTO pool (namespace, name, model, spec)
     VALUES ('default', 'shop', 'shop', '{"model": "shop", "consumerGroup": "shop", "replicas": 1}')`,
  );
  return db;
}

test('a database of the first release keeps its rows, and learns the feedback loop', async () => {
  const db = await oldDatabase();
  await migrate(db.url);
  const stores = openStores(db);
  const model = { namespace: 'default', model: 'shop' };
  const kept = await stores.labels.anomalies({ ...model, fromMs: 0, toMs: 9_000, limit: 10 });
  assert.deepEqual(
    kept.map(({ id, patterns }) => [id, patterns]),
    [
      [idOf(3), []],
      [idOf(2), []],
      [idOf(1), []],
    ],
  );
  await judge(stores, idOf(1), 'ann', 'false');
  const verdicts = await stores.labels.verdicts({ ...model, version: 0, limit: 10 });
  assert.deepEqual(
    verdicts.map(({ sequence, atMs }) => [sequence, atMs]),
    [
      [4, 1_000],
      [3, 3],
      [2, 2],
      [1, 1],
    ],
  );
  assert.equal((await stores.registry.versions('default', 'shop'))[0]?.state, 'accepted');
  assert.equal((await stores.registry.models())[0]?.spec.feedback.memory, '30d');
  assert.equal((await stores.plans.pools())[0]?.spec.rollout.analysis.failureLimit, 1);
  await db.close();
});
