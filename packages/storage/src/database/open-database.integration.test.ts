import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeTest } from '../testing/store-test.ts';
import { DatabaseNewer, DatabaseUnavailable } from './database-errors.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';

const tests = storeTest();

test('many processes may migrate at once, and again later', async () => {
  const url = await tests.server.createDatabase('migrate');
  await Promise.all([1, 2, 3, 4].map(() => migrate(url)));
  await migrate(url);
});

test('a database of a newer release is refused with one sentence', async () => {
  const db = await tests.database();
  await db.query("INSERT INTO schema_migration (name, run_on) VALUES ('9999_future', now())");
  await assert.rejects(migrate(db.url), (error) => {
    assert.ok(error instanceof DatabaseNewer);
    assert.match(error.message, /newer release \(it has 9999_future\)/);
    return true;
  });
});

test('no database, a slow statement and too many connections are unavailability; a bad statement is a bug', async () => {
  const nobody = openDatabase({ url: 'postgres://x:y@127.0.0.1:1/z', applicationName: 'test' });
  await assert.rejects(nobody.query('SELECT 1'), DatabaseUnavailable);
  await assert.rejects(migrate('postgres://x:y@127.0.0.1:1/z'), DatabaseUnavailable);
  await nobody.close();
  const { url } = await tests.database();
  const db = openDatabase({ url, applicationName: 'test', statementTimeoutMs: 50 });
  await assert.rejects(db.query('SELECT pg_sleep(5)'), DatabaseUnavailable);
  await assert.rejects(db.query('SELECT nonsense'), (error) => !(error instanceof DatabaseUnavailable));
  await db.close();
});

test('a transaction whose connection is cut is unavailability, and the next one works', async () => {
  const db = await tests.database();
  const cut = db.transaction(async ({ query }) => {
    const [row] = await query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await db.query('SELECT pg_terminate_backend($1)', [row?.pid]);
    await query('SELECT 1');
  });
  await assert.rejects(cut, DatabaseUnavailable);
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
});

test('an idle connection that breaks is reported, and does not end the process', async () => {
  const { url } = await tests.database();
  let tell: (error: Error) => void = () => undefined;
  const broken = new Promise<Error>((resolve) => {
    tell = resolve;
  });
  const db = openDatabase({ url, applicationName: 'idle', onIdleError: (error) => tell(error) });
  const other = openDatabase({ url, applicationName: 'other' });
  await db.query('SELECT 1');
  await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle'");
  assert.ok((await broken) instanceof Error);
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  await Promise.all([db.close(), other.close()]);
});

test('a whole number beyond what a number can hold is refused, not rounded', async () => {
  const db = await tests.database();
  assert.deepEqual(await db.query('SELECT 9007199254740991::bigint AS n'), [{ n: 9007199254740991 }]);
  await assert.rejects(db.query('SELECT 9007199254740993::bigint AS n'), RangeError);
});

test('a server that says nothing is given up in time, within a transaction too, and the next one works', async () => {
  const { url } = await tests.database();
  const db = openDatabase({ url, applicationName: 'test', answerTimeoutMs: 1500, connectTimeoutMs: 500 });
  let sinceMs = 0;
  const silenced = db.transaction(async ({ query }) => {
    await query('SELECT 1');
    await tests.server.freeze();
    sinceMs = performance.now();
    await query('SELECT 2');
  });
  await assert.rejects(silenced, DatabaseUnavailable);
  // Another second and a half would be for a second question to a server that is silent.
  assert.ok(performance.now() - sinceMs < 2900, `${performance.now() - sinceMs} ms`);
  await assert.rejects(db.query('SELECT 1'), DatabaseUnavailable);
  tests.server.thaw();
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  await db.close();
});
