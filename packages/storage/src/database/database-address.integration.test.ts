import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores } from '../open-stores.ts';
import { storeTest } from '../testing/store-test.ts';
import { DatabaseUnavailable } from './database-errors.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';

const tests = storeTest();

/** A URL without its password, and the password. */
async function split(): Promise<{ url: string; word: string }> {
  const url = new URL(await tests.server.createDatabase('token'));
  const word = decodeURIComponent(url.password);
  url.password = '';
  return { url: url.href, word };
}

test('where tokens serve as passwords, migration, pool and change feed ask for one per connection', async () => {
  const { url, word } = await split();
  let asked = 0;
  const address = {
    url,
    password: async () => {
      asked++;
      return word;
    },
  };
  await migrate(address);
  assert.equal(asked, 1);
  const db = openDatabase({ ...address, applicationName: 'test', poolSize: 1 });
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  assert.equal(asked, 2);
  const listening = await openStores(db).changes.listen(
    () => undefined,
    () => undefined,
  );
  assert.equal(asked, 3);
  await listening.stop();
  // A connection that breaks is followed by one with a token of its own.
  const other = openDatabase({ ...address, applicationName: 'other', poolSize: 1 });
  await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test'");
  await db.query('SELECT 1').catch((error) => assert.ok(error instanceof DatabaseUnavailable));
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  assert.equal(asked, 5);
  await Promise.all([db.close(), other.close()]);
});

test('a token that cannot be had is unavailability, and the next one may be had', async () => {
  const { url, word } = await split();
  let away = true;
  const password = async () => {
    if (away) throw new DatabaseUnavailable('there is no token for the database: away');
    return word;
  };
  const db = openDatabase({ url, password, applicationName: 'test' });
  await assert.rejects(db.query('SELECT 1'), (error) => {
    assert.ok(error instanceof DatabaseUnavailable);
    assert.match(error.message, /no token for the database: away/);
    return true;
  });
  away = false;
  assert.deepEqual(await db.query('SELECT 1 AS one'), [{ one: 1 }]);
  await db.close();
});
