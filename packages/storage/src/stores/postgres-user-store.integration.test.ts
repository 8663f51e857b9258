import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storeTest } from '../testing/store-test.ts';
import { postgresUserStore } from './postgres-user-store.ts';

const tests = storeTest();
const eve = { username: 'eve', passwordHash: 'hash', roles: ['viewer', 'analyst'] as const };

test('a user comes back as it was put, and putting again keeps the lock', async () => {
  const users = postgresUserStore(await tests.database());
  assert.equal(await users.get('eve'), null);
  await users.put(eve);
  assert.deepEqual(await users.get('eve'), { ...eve, failures: 0, lockedUntilMs: null });
  await users.failed('eve', 1, 60_000);
  await users.put({ ...eve, passwordHash: 'new', roles: ['viewer'] });
  const again = await users.get('eve');
  assert.equal(again?.passwordHash, 'new');
  assert.ok((again?.lockedUntilMs ?? 0) > Date.now());
});

test('failures in a row lock, counted right when they come at once, and a success begins anew', async () => {
  const users = postgresUserStore(await tests.database());
  await users.put(eve);
  await Promise.all([1, 2, 3, 4].map(() => users.failed('eve', 5, 60_000)));
  assert.deepEqual(await users.get('eve'), { ...eve, failures: 4, lockedUntilMs: null });
  await users.succeeded('eve');
  assert.equal((await users.get('eve'))?.failures, 0);
  await Promise.all([1, 2, 3, 4, 5].map(() => users.failed('eve', 5, 60_000)));
  const locked = await users.get('eve');
  assert.equal(locked?.failures, 0);
  assert.ok((locked?.lockedUntilMs ?? 0) > Date.now());
});
