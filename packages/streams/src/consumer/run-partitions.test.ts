import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnershipLost, StreamUnavailable } from '../event-stream.ts';
import { InMemoryLeaseStore } from '../in-memory/in-memory-lease-store.ts';
import { SimulatedClock } from '../in-memory/simulated-clock.ts';
import type { LeaseStore, Member } from '../lease-store.ts';
import type { ClaimedPartition } from './held-partition.ts';
import { type RunPartitionsOptions, runPartitions } from './run-partitions.ts';

const four = ['0', '1', '2', '3'];

/** Waits until the signal is aborted: a consumer that ends as soon as it is told. */
const untilAborted = ({ signal }: ClaimedPartition) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

function world() {
  const clock = new SimulatedClock();
  const store = new InMemoryLeaseStore(clock.nowMs);
  const start = (
    holder: string,
    more: Partial<RunPartitionsOptions> = {},
    pinnedVersion: number | null = null,
  ) => {
    const member: Member = { holder, address: null, pinnedVersion };
    return runPartitions({
      group: 'default/shop',
      member,
      leases: store,
      partitions: four,
      clock,
      consume: untilAborted,
      logger: { info: () => {}, warn: () => {} },
      random: () => 1,
      ...more,
    });
  };
  const ids = (running: ReturnType<typeof start>) =>
    running
      .held()
      .map(({ partition }) => partition)
      .sort();
  return { clock, store, start, ids };
}

test('a lone member reads everything at once', async () => {
  const { clock, start, ids } = world();
  const anna = start('anna');
  await clock.advance(0);
  assert.deepEqual(ids(anna), four);
  assert.deepEqual(new Set(anna.held().map(({ epoch }) => epoch)), new Set([1]));
  await anna.stop();
});

test('a newcomer gets its share within some heartbeats, one partition a heartbeat', async () => {
  const { clock, start, ids } = world();
  const anna = start('anna');
  await clock.advance(0);
  const bert = start('bert');
  await clock.advance(2_500);
  assert.equal(ids(anna).length, 3);
  await clock.advance(8_000);
  assert.deepEqual([...ids(anna), ...ids(bert)].sort(), four);
  assert.equal(ids(anna).length, 2);
  await Promise.all([anna.stop(), bert.stop()]);
});

test('partitions of a member that died are claimed as soon as their leases run out, not a heartbeat later', async () => {
  const { clock, store, start, ids } = world();
  const member = { holder: 'dead', address: null, pinnedVersion: null };
  const bert = start('bert');
  await clock.advance(700);
  await store.heartbeat({ group: 'default/shop', member, held: [], expiryMs: 10_000 });
  await bert.stop();
  for (const partition of four)
    await store.claim({ group: 'default/shop', partition, member, expiryMs: 10_000 });
  const anna = start('anna');
  await clock.advance(9_990);
  assert.deepEqual(ids(anna), []);
  await clock.advance(40);
  assert.deepEqual(ids(anna), four);
  await anna.stop();
});

test('a stopped member gives its partitions back at once and leaves', async () => {
  const { clock, store, start, ids } = world();
  const anna = start('anna');
  await clock.advance(0);
  await anna.stop();
  assert.deepEqual(anna.held(), []);
  const bert = start('bert');
  await clock.advance(0);
  assert.deepEqual(ids(bert), four);
  const member = { holder: 'carl', address: null, pinnedVersion: null };
  const { members } = await store.heartbeat({ group: 'default/shop', member, held: [], expiryMs: 1 });
  assert.deepEqual(
    members.map(({ holder }) => holder),
    ['bert', 'carl'],
  );
  await bert.stop();
});

test('a member that cannot reach the store stops reading before its leases expire, and comes back', async () => {
  const { clock, store, start, ids } = world();
  let reachable = true;
  const leases: LeaseStore = {
    heartbeat: async (request) => {
      if (!reachable) throw new Error('connection refused');
      return store.heartbeat(request);
    },
    claim: (request) => store.claim(request),
    release: async (request) => {
      if (!reachable) throw new Error('connection refused');
      return store.release(request);
    },
    leave: (request) => store.leave(request),
  };
  const anna = start('anna', { leases });
  await clock.advance(0);
  reachable = false;
  await clock.advance(7_900);
  assert.deepEqual(ids(anna), four);
  await clock.advance(200);
  assert.deepEqual(ids(anna), []);
  reachable = true;
  await clock.advance(20_000);
  assert.deepEqual(ids(anna), four);
  assert.deepEqual(new Set(anna.held().map(({ epoch }) => epoch)), new Set([2]));
  await anna.stop();
});

test('a lease that the store does not renew any more is given up at that heartbeat', async () => {
  const { clock, store, start, ids } = world();
  const anna = start('anna', { timing: { heartbeatMs: 2_000, abandonMs: 50_000, expiryMs: 60_000 } });
  await clock.advance(0);
  // Somebody with more rights took it: an operator, or a store that was restored.
  await store.release({ group: 'default/shop', partition: '1', holder: 'anna', epoch: 1 });
  const bert = { holder: 'bert', address: null, pinnedVersion: 7 };
  await store.claim({ group: 'default/shop', partition: '1', member: bert, expiryMs: 60_000 });
  await anna.beat();
  assert.deepEqual(ids(anna), ['0', '2', '3']);
  await anna.stop();
});

test('a store that does not answer stops reading too', async () => {
  const { clock, store, start, ids } = world();
  let hangs = false;
  const leases: LeaseStore = {
    heartbeat: (request) => (hangs ? new Promise(() => {}) : store.heartbeat(request)),
    claim: (request) => store.claim(request),
    release: (request) => (hangs ? new Promise(() => {}) : store.release(request)),
    leave: () => new Promise(() => {}),
  };
  const anna = start('anna', { leases });
  await clock.advance(0);
  hangs = true;
  await clock.advance(8_100);
  assert.deepEqual(ids(anna), []);
  let stopped = false;
  const stopping = anna.stop().then(() => {
    stopped = true;
  });
  await clock.advance(15_000);
  assert.ok(stopped);
  await stopping;
});

test('heartbeats are counted from when they were sent, however long their answers take', async () => {
  const { clock, store, start, ids } = world();
  const sentMs: number[] = [];
  const leases: LeaseStore = {
    heartbeat: async (request) => {
      sentMs.push(clock.monotonicMs());
      await clock.sleep(3_000);
      return store.heartbeat(request);
    },
    claim: (request) => store.claim(request),
    release: (request) => store.release(request),
    leave: (request) => store.leave(request),
  };
  const anna = start('anna', { leases });
  await clock.advance(12_500);
  assert.deepEqual(sentMs, [0, 3_000, 6_000, 9_000, 12_000]);
  assert.deepEqual(ids(anna), four);
  const stopping = anna.stop();
  await clock.advance(3_000);
  await stopping;
});

test('a failed consumer is started again with a new epoch, after longer and longer pauses', async () => {
  const { clock, start } = world();
  const startsMs: number[] = [];
  const epochs: number[] = [];
  const anna = start('anna', {
    partitions: ['0'],
    consume: async ({ epoch }) => {
      startsMs.push(clock.nowMs());
      epochs.push(epoch);
      throw startsMs.length % 2 ? new StreamUnavailable('away') : new OwnershipLost('taken');
    },
  });
  await clock.advance(60_000);
  assert.deepEqual(
    epochs,
    epochs.map((_, index) => index + 1),
  );
  assert.ok(epochs.length >= 5 && epochs.length <= 10, `${epochs.length}`);
  const pauses = startsMs.slice(1).map((ms, index) => ms - (startsMs[index] ?? 0));
  assert.deepEqual(
    pauses,
    [...pauses].sort((a, b) => a - b),
  );
  await anna.stop();
});

test('any other error of a consumer is fatal, and the other consumers are told to end', async () => {
  const { clock, start, ids } = world();
  const anna = start('anna', {
    consume: async (claimed) => {
      if (claimed.partition === '2') throw new TypeError('a bug');
      await untilAborted(claimed);
    },
  });
  const fatal = assert.rejects(anna.fatal, TypeError);
  await clock.advance(0);
  await fatal;
  assert.deepEqual(ids(anna), []);
  await anna.stop();
});

test('throwing the reason of its own signal is an ordinary end', async () => {
  const { clock, start } = world();
  const anna = start('anna', {
    consume: async (claimed) => {
      await untilAborted(claimed);
      claimed.signal.throwIfAborted();
    },
  });
  anna.fatal.catch((error) => assert.fail(String(error)));
  await clock.advance(0);
  await anna.stop();
});

test('a partition is not claimed again before its consumer has ended, and is renewed meanwhile', async () => {
  const { clock, start, ids } = world();
  const finish = Promise.withResolvers<void>();
  let wanted = true;
  let starts = 0;
  const anna = start('anna', {
    partitions: ['0'],
    wants: () => wanted,
    consume: async (claimed) => {
      starts += 1;
      if (starts > 1) return untilAborted(claimed);
      await untilAborted(claimed);
      await finish.promise;
    },
  });
  await clock.advance(0);
  wanted = false;
  await anna.beat();
  assert.deepEqual(ids(anna), []);
  wanted = true;
  const bert = start('bert', { partitions: ['0'] });
  await clock.advance(7_000);
  assert.equal(starts, 1);
  assert.deepEqual(bert.held(), []);
  finish.resolve();
  await clock.advance(2_500);
  assert.equal(anna.held().length + bert.held().length, 1);
  await Promise.all([anna.stop(), bert.stop()]);
});

test('a consumer that does not end loses its lease, and the stop does not wait for it for ever', async () => {
  const { clock, start, ids } = world();
  let wanted = true;
  const anna = start('anna', {
    partitions: ['0'],
    wants: () => wanted,
    consume: () => new Promise(() => {}),
  });
  await clock.advance(0);
  wanted = false;
  const bert = start('bert', { partitions: ['0'] });
  await clock.advance(25_000);
  assert.deepEqual(ids(bert), ['0']);
  const stopping = anna.stop();
  await clock.advance(10_000);
  await stopping;
  await bert.stop();
});

test('a stop is through within 7 s, even with a stuck consumer and a store that does not answer', async () => {
  const { clock, store, start } = world();
  let hangs = false;
  const never = () => new Promise<never>(() => {});
  const leases: LeaseStore = {
    heartbeat: (request) => (hangs ? never() : store.heartbeat(request)),
    claim: (request) => (hangs ? never() : store.claim(request)),
    release: (request) => (hangs ? never() : store.release(request)),
    leave: (request) => (hangs ? never() : store.leave(request)),
  };
  const anna = start('anna', { leases, consume: never });
  await clock.advance(0);
  hangs = true;
  let stopped = false;
  const stopping = anna.stop().then(() => {
    stopped = true;
  });
  await clock.advance(7_000);
  assert.ok(stopped);
  await stopping;
});

test('members pinned to versions share what they want among their like', async () => {
  const { clock, start, ids } = world();
  let canary = ['3'];
  const wantsOf = (version: number) => (partition: string) => canary.includes(partition) === (version === 2);
  const one = start('one', { wants: wantsOf(1) }, 1);
  const two = start('two', { wants: wantsOf(2) }, 2);
  await clock.advance(5_000);
  assert.deepEqual([ids(one), ids(two)], [['0', '1', '2'], ['3']]);
  canary = ['1', '2', '3'];
  await one.beat();
  await clock.advance(0);
  await two.beat();
  assert.deepEqual([ids(one), ids(two)], [['0'], ['1', '2', '3']]);
  await Promise.all([one.stop(), two.stop()]);
});

test('the work of a heartbeat runs before claims, and nothing is claimed when it fails', async () => {
  const { clock, start, ids } = world();
  let planKnown = false;
  const anna = start('anna', {
    onHeartbeat: async () => {
      if (!planKnown) throw new Error('no plan yet');
    },
  });
  await clock.advance(5_000);
  assert.deepEqual(ids(anna), []);
  planKnown = true;
  await anna.beat();
  assert.deepEqual(ids(anna), four);
  await anna.stop();
});
