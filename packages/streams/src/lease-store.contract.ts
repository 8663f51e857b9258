import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { LeaseStore, Member } from './lease-store.ts';

/** A store under test. */
export interface LeaseStoreUnderTest {
  readonly store: LeaseStore;
  /** Lets time pass by the store's own clock: advances an injected one, or waits. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const longMs = 60_000;
const shortMs = 1_000;

const member = (holder: string, more: Partial<Member> = {}): Member => ({
  holder,
  address: null,
  pinnedVersion: null,
  ...more,
});

/** The behaviour that every `LeaseStore` shows. Every test uses a group of its own. */
export function testLeaseStore(name: string, start: () => Promise<LeaseStoreUnderTest>): void {
  describe(name, { timeout: 60_000 }, () => {
    let under: LeaseStoreUnderTest;
    let store: LeaseStore;
    let group = '';
    let groups = 0;
    const [anna, bert] = [member('anna'), member('bert')];
    const claim = (who: Member, partition = '0', expiryMs = longMs) =>
      store.claim({ group, partition, member: who, expiryMs });
    const heartbeat = (who: Member, held: { partition: string; epoch: number }[] = [], expiryMs = longMs) =>
      store.heartbeat({ group, member: who, held, expiryMs });
    const release = (who: Member, epoch: number, partition = '0') =>
      store.release({ group, partition, holder: who.holder, epoch });

    before(async () => {
      under = await start();
      store = under.store;
    });
    after(() => under.stop());
    beforeEach(() => {
      groups += 1;
      group = `contract/pool-${groups}`;
    });

    test('a partition has one holder, and others are told', async () => {
      assert.deepEqual(await claim(anna), { epoch: 1 });
      assert.equal(await claim(bert), null);
      assert.equal(await claim(anna), null);
      const { leases, renewed } = await heartbeat(bert);
      assert.deepEqual(leases, [{ partition: '0', epoch: 1, holder: 'anna' }]);
      assert.deepEqual(renewed, []);
    });

    test('of many who claim at once one gets it', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => claim(member(`member-${index}`))),
      );
      assert.deepEqual(
        answers.filter((answer) => answer !== null),
        [{ epoch: 1 }],
      );
    });

    test('groups do not see each other', async () => {
      await claim(anna);
      await heartbeat(anna);
      group = `${group}-other`;
      assert.deepEqual(await claim(bert), { epoch: 1 });
      assert.deepEqual((await heartbeat(bert)).members, [bert]);
    });

    test('the epoch grows with every claim, whoever claims', async () => {
      await claim(anna);
      await release(anna, 1);
      assert.deepEqual((await heartbeat(bert)).leases, [{ partition: '0', epoch: 1, holder: null }]);
      assert.deepEqual(await claim(bert), { epoch: 2 });
      await release(bert, 2);
      assert.deepEqual(await claim(bert), { epoch: 3 });
    });

    test('a release by anybody but the holder of that epoch does nothing', async () => {
      await claim(anna);
      await release(bert, 1);
      await release(anna, 7);
      await release(anna, 1, 'never claimed');
      assert.equal(await claim(bert), null);
      await release(anna, 1);
      await claim(bert);
      await release(anna, 1);
      assert.equal(await claim(anna), null);
    });

    test('a lease that is not renewed expires', async () => {
      await claim(anna, '0', shortMs);
      assert.equal(await claim(bert), null);
      await under.pass(shortMs + 50);
      assert.deepEqual((await heartbeat(bert)).leases, [{ partition: '0', epoch: 1, holder: null }]);
      assert.deepEqual(await claim(bert), { epoch: 2 });
    });

    test('a heartbeat tells when the first lease of another member runs out', async () => {
      assert.equal((await heartbeat(anna)).nextExpiryMs, null);
      await claim(anna, '0', 60_000);
      await claim(anna, '1', 40_000);
      assert.equal((await heartbeat(anna)).nextExpiryMs, null);
      const leftMs = (await heartbeat(bert)).nextExpiryMs ?? Number.NaN;
      assert.ok(leftMs > 10_000 && leftMs <= 40_000, `${leftMs} ms left`);
      await release(anna, 1);
      await release(anna, 1, '1');
      assert.equal((await heartbeat(bert)).nextExpiryMs, null);
    });

    test('a heartbeat renews what its member holds, and nothing else', async () => {
      await claim(anna, '0', shortMs);
      await claim(bert, '1');
      const held = [
        { partition: '0', epoch: 1 },
        { partition: '1', epoch: 1 },
        { partition: '2', epoch: 1 },
      ];
      assert.deepEqual((await heartbeat(anna, held)).renewed, ['0']);
      await under.pass(shortMs + 50);
      assert.equal(await claim(bert, '0'), null);
      assert.deepEqual((await heartbeat(anna, [{ partition: '0', epoch: 2 }])).renewed, []);
    });

    test('an expired lease is not renewed, even if nobody has taken it', async () => {
      await claim(anna, '0', shortMs);
      await under.pass(shortMs + 50);
      assert.deepEqual((await heartbeat(anna, [{ partition: '0', epoch: 1 }])).renewed, []);
      assert.deepEqual(await claim(anna), { epoch: 2 });
    });

    test('members live from their first heartbeat until they leave or fall silent', async () => {
      const carl = member('carl', { address: 'http://127.0.0.1:4000', pinnedVersion: 3 });
      await heartbeat(anna, [], shortMs);
      await heartbeat(bert);
      assert.deepEqual(byHolder((await heartbeat(carl)).members), [anna, bert, carl]);
      await under.pass(shortMs + 50);
      assert.deepEqual(byHolder((await heartbeat(carl)).members), [bert, carl]);
      await store.leave({ group, holder: 'bert' });
      await store.leave({ group, holder: 'nobody' });
      assert.deepEqual((await heartbeat(carl)).members, [carl]);
    });

    test('what a member says about itself is replaced by its next heartbeat', async () => {
      await heartbeat(member('anna', { pinnedVersion: 1 }));
      const now = member('anna', { address: 'http://127.0.0.1:4001', pinnedVersion: 2 });
      assert.deepEqual((await heartbeat(now)).members, [now]);
    });
  });
}

function byHolder(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => (a.holder < b.holder ? -1 : 1));
}
