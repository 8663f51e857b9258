import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { storeTest } from '../testing/store-test.ts';
import { postgresSessionStore } from './postgres-session-store.ts';

const tests = storeTest();
const newSession = (change: object = {}) => ({
  id: randomUUID(),
  familyHash: randomBytes(32),
  username: 'ann',
  roles: null,
  secretHash: randomBytes(32),
  idleMs: 60_000,
  lifeMs: 120_000,
  ...change,
});

test('of renewals at the same moment one wins, and the token before the newest stays known', async () => {
  const sessions = postgresSessionStore(await tests.database());
  const session = newSession();
  await sessions.create(session);
  const { id, secretHash: from } = session;
  const tries = Array.from({ length: 4 }, () => ({
    id,
    from,
    to: randomBytes(32),
    salt: randomBytes(32),
    idleMs: 1e9,
  }));
  const won = await Promise.all(tries.map((request) => sessions.rotate(request)));
  assert.equal(won.filter(Boolean).length, 1);
  const row = await sessions.find(session.familyHash);
  const winner = tries[won.indexOf(true)];
  assert.deepEqual([row?.secretHash, row?.previousHash, row?.salt], [winner?.to, from, winner?.salt]);
  assert.ok((row?.rotatedAgoMs ?? -1) >= 0);
  // However long it may stay idle, it does not live longer than it was given.
  assert.ok((row?.leftMs ?? 0) > 100_000 && (row?.leftMs ?? 0) <= 120_000);
  assert.equal(await sessions.find(randomBytes(32)), null);
});

test('an ended session is not renewed, is listed for a while, and is forgotten later', async () => {
  const sessions = postgresSessionStore(await tests.database());
  const [one, two, other] = [newSession(), newSession(), newSession({ username: 'bob', roles: ['viewer'] })];
  for (const session of [one, two, other]) await sessions.create(session);
  assert.deepEqual(await sessions.end({ id: one.id }, 'log-out'), [one.id]);
  assert.deepEqual(await sessions.end({ id: one.id }, 'log-out'), []);
  assert.deepEqual(await sessions.end({ username: 'ann' }, 'user changed'), [two.id]);
  const renewal = { from: one.secretHash, to: randomBytes(32), salt: randomBytes(32), idleMs: 60_000 };
  assert.equal(await sessions.rotate({ ...renewal, id: one.id }), false);
  assert.equal((await sessions.find(one.familyHash))?.leftMs, 0);
  assert.deepEqual((await sessions.find(other.familyHash))?.roles, ['viewer']);
  assert.deepEqual((await sessions.endedWithin(60_000)).sort(), [one.id, two.id].sort());
  await sessions.dropOld(60_000);
  assert.notEqual(await sessions.find(one.familyHash), null);
  await sessions.dropOld(-1000);
  assert.equal(await sessions.find(one.familyHash), null);
  assert.notEqual(await sessions.find(other.familyHash), null);
});

test('a session that nobody renews is over by itself', async () => {
  const sessions = postgresSessionStore(await tests.database());
  const session = newSession({ idleMs: 0 });
  await sessions.create(session);
  assert.ok(((await sessions.find(session.familyHash))?.leftMs ?? 1) <= 0);
  const renewal = { from: session.secretHash, to: randomBytes(32), salt: randomBytes(32), idleMs: 60_000 };
  assert.equal(await sessions.rotate({ ...renewal, id: session.id }), false);
});
