import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores } from '../open-stores.ts';
import type { DeadLetter } from '../ports/partition-store.ts';
import { storeTest } from '../testing/store-test.ts';
import { writeDeadLetters } from './partition/write-dead-letters.ts';

const tests = storeTest();

/** Letters 1 to 6: late, late, poisonous, late (of another pool), undecodable, late. */
async function world() {
  const db = await tests.database();
  const write = (pool: string, ...letters: Partial<DeadLetter>[]) =>
    writeDeadLetters(
      db,
      { group: pool, partition: '3' },
      letters.map((letter, at) => ({
        sequence: at,
        series: 'shop/cart',
        timeMs: 1000 + at,
        reason: 'late',
        detail: 'because',
        payload: Uint8Array.of(1, 2, 3),
        ...letter,
      })),
    );
  await write('default/shop', {}, {}, { series: null, timeMs: null, reason: 'poisonous' });
  await write('default/host', {});
  const whole = { series: null, timeMs: null, sequence: 8 };
  await write('default/shop', { ...whole, reason: 'undecodable' }, { series: 'shop/pay', sequence: 9 });
  const { deadLetters, series, answers } = openStores(db);
  const ids = async () => (await deadLetters.list({ limit: 100 })).map(({ id }) => id);
  return { db, write, deadLetters, series, answers, ids };
}

test('dead letters are listed newest first, by pool, series, reason and state', async () => {
  const { deadLetters } = await world();
  const list = async (query: Partial<Parameters<typeof deadLetters.list>[0]>) =>
    (await deadLetters.list({ limit: 100, ...query })).map(({ id }) => id);
  assert.deepEqual(await list({}), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(await list({ limit: 2, before: 5 }), [4, 3]);
  assert.deepEqual(await list({ pool: 'default/shop', reason: 'late' }), [6, 2, 1]);
  assert.deepEqual(await list({ series: 'shop/pay' }), [6]);
  await deadLetters.replayed([2, 4], 'ann');
  assert.deepEqual(await list({ state: 'replayed' }), [4, 2]);
  assert.deepEqual(await list({ state: 'waiting' }), [6, 5, 3, 1]);
  const [row] = await deadLetters.list({ limit: 1, before: 3 });
  const { notedAtMs, replayedAtMs, ...rest } = row ?? assert.fail();
  assert.deepEqual(rest, {
    id: 2,
    pool: 'default/shop',
    partition: '3',
    sequence: 1,
    series: 'shop/cart',
    timeMs: 1001,
    reason: 'late',
    detail: 'because',
    bytes: 3,
    replayedBy: 'ann',
  });
  assert.ok(Math.abs(notedAtMs - Date.now()) < 60_000 && (replayedAtMs ?? 0) >= notedAtMs);
});

test('of all letters those that wait are read for a replay, oldest first; by their ids any', async () => {
  const { deadLetters, series } = await world();
  const read = async (...given: Parameters<typeof deadLetters.read>) =>
    (await deadLetters.read(...given)).map(({ id }) => id);
  await deadLetters.replayed([2], 'ann');
  assert.deepEqual(await read({ all: {} }, { after: 1, limit: 3 }), [3, 4, 5]);
  assert.deepEqual(await read({ all: { pool: 'default/host' } }, { after: 0, limit: 3 }), [4]);
  assert.deepEqual(await read({ ids: [6, 2, 99] }, { after: 0, limit: 9 }), [2, 6]);
  assert.deepEqual(await series.deadLetters(), { late: 3, poisonous: 1, undecodable: 1 });
  const [full] = await deadLetters.read({ ids: [6] }, { after: 0, limit: 1 });
  assert.deepEqual([...(full?.payload ?? [])], [1, 2, 3]);
});

test('what is dropped is gone, and replays and drops are in the audit trail', async () => {
  const { deadLetters, answers, ids } = await world();
  await deadLetters.replayed([2, 1], 'ann');
  assert.equal(await deadLetters.drop({ ids: [1, 2, 99] }, 'bob'), 2);
  assert.equal(await deadLetters.drop({ ids: [1] }, 'eve'), 0);
  assert.equal(await deadLetters.drop({ all: { pool: 'default/shop', reason: 'late' } }, 'bob'), 1);
  assert.deepEqual(await ids(), [5, 4, 3]);
  assert.equal(await deadLetters.drop({ all: {} }, 'cat'), 3);
  const { items } = await answers.audit({ limit: 10 });
  assert.deepEqual(
    items.toReversed().map(({ person, action, subject, text }) => [person, action, subject, text]),
    [
      ['ann', 'dead-letters-replayed', '2, 1', '2 letters'],
      ['bob', 'dead-letters-dropped', '1, 2, 99', '2 letters'],
      ['bob', 'dead-letters-dropped', 'all', '1 letter, pool default/shop, reason late'],
      ['cat', 'dead-letters-dropped', 'all', '3 letters'],
    ],
  );
});

test('beyond a number of letters, or of bytes, the oldest go first', async () => {
  const { deadLetters, ids, write } = await world();
  assert.equal(await deadLetters.prune({ mostRows: 6, mostBytes: 18 }), 0);
  assert.equal(await deadLetters.prune({ mostRows: 5, mostBytes: 1000 }), 1);
  assert.deepEqual(await ids(), [6, 5, 4, 3, 2]);
  assert.equal(await deadLetters.prune({ mostRows: 100, mostBytes: 7 }), 3);
  assert.deepEqual(await ids(), [6, 5]);
  await write('default/shop', { sequence: 50, payload: new Uint8Array(9) });
  assert.equal(await deadLetters.prune({ mostRows: 100, mostBytes: 7 }), 3);
  assert.equal(await deadLetters.prune({ mostRows: 100, mostBytes: 7 }), 0);
});
