import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { storeTest } from '../testing/store-test.ts';
import { postgresApiKeyStore } from './postgres-api-key-store.ts';

const tests = storeTest();
const newKey = (change: object = {}) => ({
  id: randomBytes(6).toString('hex'),
  name: 'shop agents',
  hash: randomBytes(32),
  seriesPrefix: 'shop/',
  createdBy: 'admin',
  expiresAtMs: null,
  ...change,
});

test('a key comes back as it was put, and is revoked once', async () => {
  const keys = postgresApiKeyStore(await tests.database());
  const key = newKey({ expiresAtMs: 1_900_000_000_123 });
  const put = await keys.create(key);
  assert.deepEqual(await keys.get(key.id), put);
  assert.deepEqual(
    { ...put, createdAtMs: 0 },
    { ...key, createdAtMs: 0, revokedAtMs: null, usedAtMs: null, successor: null },
  );
  assert.equal(await keys.revoke(key.id), true);
  assert.equal(await keys.revoke(key.id), false);
  assert.notEqual((await keys.get(key.id))?.revokedAtMs, null);
  assert.equal(await keys.get('unknown'), null);
});

test('rotation leaves both good for the overlap, and happens once', async () => {
  const keys = postgresApiKeyStore(await tests.database());
  const old = newKey();
  await keys.create(old);
  const terms = { overlapMs: 60_000, expiresAtMs: null };
  const made = await Promise.all([
    keys.rotate(old.id, newKey(), terms),
    keys.rotate(old.id, newKey(), terms),
  ]);
  assert.equal(made.filter((key) => key !== null).length, 1);
  const fresh = made.find((key) => key !== null);
  assert.deepEqual([fresh?.name, fresh?.seriesPrefix, fresh?.expiresAtMs], [old.name, 'shop/', null]);
  const ending = await keys.get(old.id);
  assert.equal(ending?.successor, fresh?.id);
  const left = (ending?.expiresAtMs ?? 0) - Date.now();
  assert.ok(left > 30_000 && left <= 60_000, String(left));
  assert.deepEqual(new Set((await keys.list()).map(({ id }) => id)), new Set([old.id, fresh?.id]));
});

test('an overlap prolongs nothing, and a key that is over is not rotated', async () => {
  const keys = postgresApiKeyStore(await tests.database());
  const soonMs = Date.now() + 5000;
  const [soon, revoked, over] = [newKey({ expiresAtMs: soonMs }), newKey(), newKey({ expiresAtMs: 1000 })];
  for (const key of [soon, revoked, over]) await keys.create(key);
  await keys.revoke(revoked.id);
  const terms = { overlapMs: 60_000, expiresAtMs: null };
  assert.notEqual(await keys.rotate(soon.id, newKey(), terms), null);
  assert.equal((await keys.get(soon.id))?.expiresAtMs, soonMs);
  for (const id of [revoked.id, over.id, 'unknown'])
    assert.equal(await keys.rotate(id, newKey(), terms), null);
});

test('a use is noted once an hour', async () => {
  const db = await tests.database();
  const keys = postgresApiKeyStore(db);
  const key = newKey();
  await keys.create(key);
  await keys.used(key.id);
  const first = (await keys.get(key.id))?.usedAtMs ?? 0;
  assert.ok(Math.abs(first - Date.now()) < 60_000);
  await keys.used(key.id);
  assert.equal((await keys.get(key.id))?.usedAtMs, first);
  await db.query(`UPDATE api_key SET used_at = now() - interval '2 hours'`);
  await keys.used(key.id);
  assert.ok(((await keys.get(key.id))?.usedAtMs ?? 0) >= first);
});
