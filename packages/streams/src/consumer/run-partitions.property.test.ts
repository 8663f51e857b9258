import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { InMemoryLeaseStore } from '../in-memory/in-memory-lease-store.ts';
import { SimulatedClock } from '../in-memory/simulated-clock.ts';
import type { LeaseStore } from '../lease-store.ts';
import { fairShare } from './partition-choice.ts';
import { type RunningPartitions, runPartitions } from './run-partitions.ts';

const partitions = ['0', '1', '2', '3', '4', '5', '6', '7'];
const maxMembers = 5;

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('leave', 'crash', 'cut', 'mend'), who: fc.nat() }),
  },
);
const anyPlan = fc.array(fc.record({ step: anyStep, thenMs: fc.integer({ min: 0, max: 15_000 }) }), {
  minLength: 1,
  maxLength: 12,
});

interface Process {
  readonly running: RunningPartitions;
  /** Its consumers that have not been told to end: `partition/epoch`. */
  readonly reading: Map<string, number>;
  connected: boolean;
}

/** A member whose way to the store can be cut. A crash is a cut for good; its consumers vanish with it. */
function join(name: string, store: LeaseStore, clock: SimulatedClock): Process {
  const reading = new Map<string, number>();
  const reach = async <T>(call: () => Promise<T>): Promise<T> => {
    if (!process.connected) throw new Error('cut off');
    return call();
  };
  const leases: LeaseStore = {
    heartbeat: (request) => reach(() => store.heartbeat(request)),
    claim: (request) => reach(() => store.claim(request)),
    release: (request) => reach(() => store.release(request)),
    leave: (request) => reach(() => store.leave(request)),
  };
  const process: Process = {
    reading,
    connected: true,
    running: runPartitions({
      group: 'g',
      member: { holder: name, address: null, pinnedVersion: null },
      leases,
      partitions,
      clock,
      logger: { info: () => {}, warn: () => {} },
      consume: async ({ partition, epoch, signal }) => {
        reading.set(partition, epoch);
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        reading.delete(partition);
      },
    }),
  };
  return process;
}

test('whatever members do, no partition has two readers, and all are shared fairly in the end', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      const clock = new SimulatedClock(1_000);
      const store = new InMemoryLeaseStore(clock.nowMs);
      let joined = 0;
      let live: Process[] = [];
      const dead: Process[] = [];
      const epochs = new Map<string, number>();

      const pass = async (ms: number) => {
        for (let passed = 0; passed < ms; passed += 500) {
          await clock.advance(Math.min(500, ms - passed));
          const readers = new Map<string, number>();
          for (const { reading } of live) {
            for (const [partition, epoch] of reading) {
              assert.ok(!readers.has(partition), `two read ${partition}`);
              readers.set(partition, epoch);
              assert.ok(epoch >= (epochs.get(partition) ?? 0), `the epoch of ${partition} went back`);
              epochs.set(partition, epoch);
            }
          }
        }
      };
      const addOne = () => {
        joined += 1;
        live.push(join(`member-${joined}`, store, clock));
      };
      addOne();
      for (const { step, thenMs } of plan) {
        const who = step.kind === 'join' ? undefined : live[step.who % Math.max(1, live.length)];
        if (step.kind === 'join' && live.length < maxMembers) addOne();
        if (who && step.kind === 'cut') who.connected = false;
        if (who && step.kind === 'mend') who.connected = true;
        if (who && step.kind === 'leave') {
          const stopping = who.running.stop();
          await clock.advance(15_000);
          await stopping;
          assert.equal(who.reading.size, 0);
        }
        if (who && step.kind === 'crash') {
          who.connected = false;
          dead.push(who);
        }
        if (who && (step.kind === 'leave' || step.kind === 'crash')) live = live.filter((one) => one !== who);
        await pass(thenMs);
      }
      if (live.length === 0) addOne();
      for (const one of live) one.connected = true;

      // Silent members and their leases expire within 10 s; then one partition moves per heartbeat of 2 s.
      await pass(10_000 + 2_000 * (partitions.length + 3));
      const counts = live.map(({ reading }) => reading.size);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        partitions.length,
        `${counts}`,
      );
      for (const count of counts) assert.ok(count <= fairShare(partitions.length, live.length), `${counts}`);

      const stopping = [...live, ...dead].map(({ running }) => running.stop());
      await clock.advance(20_000);
      await Promise.all(stopping);
    }),
    { numRuns: 60 },
  );
});
