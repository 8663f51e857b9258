import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseStore } from '@verdict/streams';
import { storeTest } from '../testing/store-test.ts';
import { postgresLeaseStore } from './postgres-lease-store.ts';

const tests = storeTest();
const group = 'default/shop';
const member = (holder: string) => ({ holder, address: `http://${holder}`, pinnedVersion: null });
const claim = (store: LeaseStore, holder: string, partition = '0', expiryMs = 60_000) =>
  store.claim({ group, partition, member: member(holder), expiryMs });
const beat = (store: LeaseStore, holder: string, held: { partition: string; epoch: number }[] = []) =>
  store.heartbeat({ group, member: member(holder), held, expiryMs: 60_000 });

test('of many that claim a partition at once exactly one gets it', async () => {
  const db = await tests.database();
  const store = postgresLeaseStore(db);
  for (let round = 1; round <= 5; round++) {
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(store, `h${i}`)));
    const won = claims.flatMap((claimed, i) => (claimed === null ? [] : [{ ...claimed, holder: `h${i}` }]));
    assert.equal(won.length, 1);
    assert.equal(won[0]?.epoch, round, 'the epoch grows by one with every claim');
    await store.release({ group, partition: '0', holder: won[0]?.holder ?? '', epoch: round });
  }
});

test('a lease is free when it has expired, and not before', async () => {
  const store = postgresLeaseStore(await tests.database());
  assert.deepEqual(await claim(store, 'a', '0', 60_000), { epoch: 1 });
  assert.equal(await claim(store, 'b'), null);
  assert.deepEqual(await claim(store, 'a', '1', 1), { epoch: 1 });
  await sleep(20);
  const { leases } = await beat(store, 'b');
  assert.deepEqual(leases, [
    { partition: '0', epoch: 1, holder: 'a' },
    { partition: '1', epoch: 1, holder: null },
  ]);
  assert.deepEqual(await claim(store, 'b', '1'), { epoch: 2 });
});

test('a heartbeat renews what is still held and nothing else', async () => {
  const store = postgresLeaseStore(await tests.database());
  await claim(store, 'a', '0', 1);
  await claim(store, 'a', '1', 1);
  await sleep(20);
  await claim(store, 'b', '1');
  const held = [
    { partition: '0', epoch: 1 },
    { partition: '1', epoch: 1 },
  ];
  const { renewed, leases, members } = await beat(store, 'a', held);
  assert.deepEqual(renewed, ['0']);
  assert.deepEqual(leases, [
    { partition: '0', epoch: 1, holder: 'a' },
    { partition: '1', epoch: 2, holder: 'b' },
  ]);
  assert.deepEqual(members, [member('a'), member('b')]);
});

test('a release with an old epoch does not free what somebody else holds', async () => {
  const store = postgresLeaseStore(await tests.database());
  await claim(store, 'a');
  await store.release({ group, partition: '0', holder: 'a', epoch: 1 });
  await claim(store, 'b');
  await store.release({ group, partition: '0', holder: 'a', epoch: 1 });
  assert.equal(await claim(store, 'c'), null);
});

test('a member is there until it leaves or is silent for its expiry', async () => {
  const store = postgresLeaseStore(await tests.database());
  await beat(store, 'a');
  await store.heartbeat({ group, member: member('silent'), held: [], expiryMs: 1 });
  await store.heartbeat({ group: 'default/other', member: member('x'), held: [], expiryMs: 60_000 });
  await sleep(20);
  assert.deepEqual((await beat(store, 'b')).members, [member('a'), member('b')]);
  await store.leave({ group, holder: 'a' });
  assert.deepEqual((await beat(store, 'b')).members, [member('b')]);
});
