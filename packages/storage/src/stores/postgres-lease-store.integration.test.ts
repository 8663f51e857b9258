import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testLeaseStore } from '@verdict/streams/contract';
import { storeTest } from '../testing/store-test.ts';
import { postgresLeaseStore } from './postgres-lease-store.ts';

const tests = storeTest();
const group = 'default/shop';
const member = (holder: string) => ({ holder, address: `http://${holder}`, pinnedVersion: null });

testLeaseStore('the lease store on PostgreSQL', async () => ({
  store: postgresLeaseStore(await tests.database()),
  pass: (ms) => sleep(ms),
  stop: async () => undefined, // the database ends with the server
}));

test('of many that claim over connections of their own exactly one gets the next epoch, round after round', async () => {
  const store = postgresLeaseStore(await tests.database());
  for (let round = 1; round <= 5; round++) {
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        store.claim({ group, partition: '0', member: member(`h${i}`), expiryMs: 60_000 }),
      ),
    );
    const won = claims.flatMap((claimed, i) => (claimed === null ? [] : [{ ...claimed, holder: `h${i}` }]));
    assert.deepEqual(
      won.map((claimed) => claimed.epoch),
      [round],
    );
    await store.release({ group, partition: '0', holder: won[0]?.holder ?? '', epoch: round });
  }
});

test('a heartbeat does not win a lease back from who claims it at the same time', async () => {
  const store = postgresLeaseStore(await tests.database());
  for (let round = 0; round < 10; round++) {
    const partition = String(round);
    await store.claim({ group, partition, member: member('old'), expiryMs: 5 });
    await sleep(5);
    const held = [{ partition, epoch: 1 }];
    const [beat, claimed] = await Promise.all([
      store.heartbeat({ group, member: member('old'), held, expiryMs: 60_000 }),
      store.claim({ group, partition, member: member('new'), expiryMs: 60_000 }),
    ]);
    assert.ok(beat.renewed.length + (claimed === null ? 0 : 1) <= 1, 'not both have it');
  }
});
