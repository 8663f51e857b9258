import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Detectors, type FleetSituation, type Partitions, wantedFleet } from './fleet.ts';

const partitions = ['0', '1', '2', '3', '4', '5', '6', '7'];
/** A plan in which the first so many partitions are for the candidate. */
const canary = (count: number, champion = 1, candidate = 2): Partitions =>
  Object.fromEntries(
    partitions.map((partition, index) => [
      partition,
      { version: index < count ? candidate : champion, shadow: null, fallback: index < count ? champion : 0 },
    ]),
  );
const well = (wanted: number, more: Partial<Detectors> = {}): Detectors => ({
  wanted,
  ready: wanted,
  held: 0,
  shortMs: 0,
  ...more,
});
const fleet = (more: Partial<FleetSituation>) => {
  const base = { replicas: 4, partitions, plan: {}, next: null, champions: [0], detectors: new Map() };
  const { sizes, leaving } = wantedFleet({ ...base, ...more });
  return { sizes: Object.fromEntries([...sizes].sort()), leaving: [...leaving] };
};

test('a pool that has no plan yet has detectors of the built-in version', () => {
  assert.deepEqual(fleet({}).sizes, { 0: 4 });
});

test('the candidate gets its share on top, at least one, and the champion keeps all of its own', () => {
  for (const [count, size] of [
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
  ] as const)
    assert.deepEqual(
      fleet({ plan: canary(count), champions: [1] }).sizes,
      { 0: 0, 1: 4, 2: size },
      `${count}`,
    );
});

test('detectors for the next plan are there before it is', () => {
  assert.deepEqual(fleet({ plan: canary(1), next: canary(4), champions: [1] }).sizes, { 0: 0, 1: 4, 2: 2 });
});

test('after a promotion the old champion shrinks, when the new one is there and nothing is in its hands', () => {
  const promoted = { plan: canary(8), champions: [2] };
  const detectors = (held: number, ready: number) =>
    new Map([
      [1, well(4, { held })],
      [2, well(4, { ready })],
    ]);
  assert.deepEqual(fleet({ ...promoted, detectors: detectors(2, 4) }), {
    sizes: { 1: 4, 2: 4 },
    leaving: [1],
  });
  assert.deepEqual(fleet({ ...promoted, detectors: detectors(0, 0) }), {
    sizes: { 1: 4, 2: 4 },
    leaving: [1],
  });
  assert.deepEqual(fleet({ ...promoted, detectors: detectors(0, 4) }), {
    sizes: { 1: 0, 2: 4 },
    leaving: [],
  });
});

test('a version that was taken back is gone when nothing is in its hands', () => {
  const detectors = (held: number) =>
    new Map([
      [1, well(4)],
      [2, well(1, { held })],
    ]);
  const back = { plan: canary(0), champions: [1] };
  assert.deepEqual(fleet({ ...back, detectors: detectors(1) }).sizes, { 0: 0, 1: 4, 2: 1 });
  assert.deepEqual(fleet({ ...back, detectors: detectors(0) }).sizes, { 0: 0, 1: 4 });
});

test('a fallback is called when no detector of the version lives for half a minute', () => {
  const dead = (shortMs: number) => new Map([[1, well(4, { ready: 0, shortMs })]]);
  const at = { plan: canary(0), champions: [1] };
  assert.deepEqual(fleet({ ...at, detectors: dead(29_000) }).sizes, { 0: 0, 1: 4 });
  assert.deepEqual(fleet({ ...at, detectors: dead(30_000) }).sizes, { 0: 4, 1: 4 });
  const one = new Map([[1, well(4, { ready: 1, shortMs: 90_000 })]]);
  assert.deepEqual(fleet({ ...at, detectors: one }).sizes, { 0: 0, 1: 4 });
});

test('a pool that is scaled to zero has nobody, whatever is planned', () => {
  assert.deepEqual(fleet({ replicas: 0, plan: canary(3), champions: [1] }).sizes, { 0: 0, 1: 0, 2: 0 });
});

test('whatever is planned, every planned version has detectors, and the champion never fewer than are wanted', () => {
  const version = fc.integer({ min: 0, max: 4 });
  const plan = fc
    .array(fc.record({ version, shadow: fc.constant(null), fallback: fc.option(version) }), { maxLength: 8 })
    .map((list): Partitions => Object.fromEntries(list.map((one, index) => [String(index), one])));
  const known = fc
    .array(
      fc.tuple(
        version,
        fc.record({ wanted: fc.nat(6), ready: fc.nat(6), held: fc.nat(3), shortMs: fc.nat(60_000) }),
      ),
    )
    .map((list) => new Map(list));
  fc.assert(
    fc.property(
      plan,
      plan,
      version,
      known,
      fc.integer({ min: 1, max: 6 }),
      (now, next, champion, detectors, replicas) => {
        const { sizes } = wantedFleet({
          replicas,
          partitions,
          plan: now,
          next,
          champions: [champion],
          detectors,
        });
        assert.ok((sizes.get(champion) ?? 0) >= replicas);
        for (const one of [...Object.values(now), ...Object.values(next)])
          assert.ok((sizes.get(one.version) ?? 0) >= 1);
        for (const [held, { held: count, wanted }] of detectors)
          if (count > 0 && wanted > 0) assert.ok((sizes.get(held) ?? 0) > 0, 'what holds partitions stays');
      },
    ),
  );
});
