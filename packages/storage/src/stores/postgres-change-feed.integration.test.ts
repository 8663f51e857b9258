import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseUnavailable } from '../database/database-errors.ts';
import { openStores } from '../open-stores.ts';
import type { Change } from '../ports/query-stores.ts';
import { storeTest } from '../testing/store-test.ts';
import { postgresChangeFeed } from './postgres-change-feed.ts';
import { changePayload, tellChange } from './tell-change.ts';

const tests = storeTest();
const change = (event: string): Change => ({ topic: 'model', namespace: 'default', name: 'shop', event });

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let attempt = 0; attempt < 2_000; attempt++) {
    if (holds()) return;
    await sleep(10);
  }
  assert.fail(`never: ${what}`);
}

test('a change is told when its transaction is committed, and not when it is rolled back', async () => {
  const db = await tests.database();
  const seen: Change[] = [];
  const listener = await openStores(db).changes.listen(
    (one) => seen.push(one),
    () => undefined,
  );
  const failure = new Error('rolled back');
  await assert.rejects(
    db.transaction(async (queries) => {
      await tellChange(queries, change('never'));
      throw failure;
    }),
    failure,
  );
  await tellChange(db, change('x'.repeat(20_000)));
  await tellChange(db, { topic: 'feedback', anomalyId: 'a' });
  await until(() => seen.length === 2, 'two changes');
  await listener.stop();
  assert.deepEqual(seen[1], { topic: 'feedback', anomalyId: 'a' });
  assert.ok(Buffer.byteLength(changePayload(change('ä'.repeat(20_000)))) < 8_000);
});

test('a listener comes back by itself after the server died, and says that there was a gap', async () => {
  const db = await tests.database();
  const seen: Change[] = [];
  const errors: unknown[] = [];
  let gaps = 0;
  const feed = postgresChangeFeed({
    url: db.url,
    applicationName: 'test',
    backOffMs: 10,
    onError: (error) => errors.push(error),
  });
  const listener = await feed.listen(
    (one) => seen.push(one),
    () => gaps++,
  );
  await tests.server.kill9();
  await until(() => errors.length > 1, 'a broken connection');
  await assert.rejects(db.query('SELECT 1'), DatabaseUnavailable);
  await tests.server.restart();
  await until(() => gaps === 1, 'a new connection');
  await tellChange(db, change('after'));
  await until(() => seen.length === 1, 'a change');
  await listener.stop();
  await tellChange(db, change('after the stop'));
  assert.deepEqual(seen, [change('after')]);
});

test('listening where there is no database fails at once', async () => {
  const feed = postgresChangeFeed({ url: 'postgres://x:y@127.0.0.1:1/z', applicationName: 'test' });
  await assert.rejects(
    feed.listen(
      () => undefined,
      () => undefined,
    ),
    DatabaseUnavailable,
  );
});
