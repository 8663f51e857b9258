import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type InjectionKind, injectionKinds, injectionRules } from './injection-kinds.ts';
import { jobKinds, jobMoves } from './job-kinds.ts';
import { kindsOfShop, quietBesideJob } from './job-schedule.ts';
import { serviceProfile, shopSignals } from './service-profile.ts';
import { createShop, type ShopOptions } from './shop.ts';

const start = 1_800_000_000;
const change = { fromStep: start + 500 };
const options: ShopOptions = {
  seed: 7,
  series: 24,
  intervalMs: 1000,
  dayMs: 240_000,
  gapSteps: 160,
  kinds: injectionKinds,
  quietUntilStep: 0,
};
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);
const seconds = (iso: string) => Date.parse(iso) / 1000;
const seeds = fc.integer({ min: 0, max: 1_000_000 });
const indices = fc.integer({ min: 0, max: 23 });

test('outside of jobs nothing differs, and inside exactly what the job says', () => {
  fc.assert(
    fc.property(seeds, indices, (seed, index) => {
      const before = createShop({ ...options, seed });
      const after = createShop({ ...options, seed, change });
      const { signals } = serviceProfile(seed, index);
      const jobs = after.jobs(index, start, start + 1500);
      for (const step of range(start, start + 1500)) {
        const [was, is] = [before.readingAt(index, step), after.readingAt(index, step)];
        const job = jobs.find((each) => seconds(each.start) <= step && step <= seconds(each.end));
        if (job === undefined) {
          assert.deepEqual(is, was);
          continue;
        }
        const moves = jobMoves[job.kind];
        const most = Math.max(...Object.values(moves).map(Math.abs));
        for (const signal of shopSignals) {
          const sigmas = (is.values[signal] - was.values[signal]) / signals[signal].sigma;
          assert.ok(Math.abs(sigmas - ((moves[signal] ?? 0) / most) * job.magnitude) < 0.02, signal);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('injections are the same with and without the change, and no job comes near one', () => {
  fc.assert(
    fc.property(seeds, indices, fc.integer({ min: 20, max: 400 }), (seed, index, gapSteps) => {
      const given = { ...options, seed, gapSteps };
      const shop = createShop({ ...given, change });
      const injections = shop.injections(index, start, start + 3000);
      assert.deepEqual(injections, createShop(given).injections(index, start, start + 3000));
      for (const job of shop.jobs(index, start + 200, start + 2500))
        for (const injection of injections)
          assert.ok(
            seconds(injection.end) + quietBesideJob < seconds(job.start) ||
              seconds(job.end) + quietBesideJob < seconds(injection.start),
          );
    }),
  );
});

test('without injections a service has a job about every 100 to 160 steps, irregularly, from the change on', () => {
  const shop = createShop({ ...options, gapSteps: null, change });
  const lengths = new Set<number>();
  for (const index of range(0, 24)) {
    const jobs = shop.jobs(index, start, start + 10_500);
    assert.ok(jobs.length >= 10_000 / 161 - 1 && jobs.length <= 10_000 / 99 + 1, `${jobs.length}`);
    const starts = jobs.map((job) => seconds(job.start));
    assert.ok(Math.min(...starts) >= change.fromStep);
    const gaps = starts.slice(1).map((step, at) => step - (starts[at] ?? 0));
    assert.ok(Math.max(...gaps) - Math.min(...gaps) > 40);
    for (const job of jobs) lengths.add(seconds(job.end) - seconds(job.start) + 1);
  }
  assert.deepEqual(
    [...lengths].sort((a, b) => a - b),
    range(4, 13),
  );
});

test('all services of a shop run the same two or three kinds, in sizes that vary by 30 %', () => {
  const counts = new Set<number>();
  for (const seed of range(0, 20)) {
    const shop = createShop({ ...options, seed, change });
    const jobs = range(0, 24).flatMap((index) => shop.jobs(index, start, start + 5000));
    const kinds = kindsOfShop(seed);
    counts.add(kinds.length);
    assert.deepEqual([...new Set(jobs.map((job) => job.kind))].sort(), kinds.toSorted());
    for (const kind of kinds) {
      const most = Math.max(...Object.values(jobMoves[kind]).map(Math.abs));
      const sizes = jobs.filter((job) => job.kind === kind).map((job) => job.magnitude / most);
      assert.ok(Math.min(...sizes) >= 0.699 && Math.min(...sizes) < 0.75);
      assert.ok(Math.max(...sizes) <= 1.301 && Math.max(...sizes) > 1.25);
    }
  }
  assert.deepEqual([...counts].sort(), [2, 3]);
});

test('no injection goes the way that a job goes', () => {
  const ways = (kind: InjectionKind) => (kind === 'correlation' ? [1, -1] : kind === 'drop' ? [-1] : [1]);
  for (const kind of injectionKinds.filter((each) => each !== 'flat'))
    for (const group of injectionRules[kind].groups)
      for (const way of ways(kind))
        for (const job of jobKinds) {
          const moves = jobMoves[job];
          const product = group.reduce((sum, signal) => sum + way * (moves[signal] ?? 0), 0);
          const cosine = product / Math.hypot(...Object.values(moves)) / Math.sqrt(group.length);
          // A broken correlation stays within the usual range, and moves one signal alone.
          const limit = kind === 'correlation' ? 0.85 : 0.6;
          assert.ok(cosine < limit, `${job} and ${kind} of ${group.join(' and ')}: ${cosine.toFixed(2)}`);
        }
});

test('values stay possible during jobs: above zero and no more than all of the cpu', () => {
  fc.assert(
    fc.property(seeds, indices, (seed, index) => {
      const shop = createShop({ ...options, seed, gapSteps: null, change });
      for (const job of shop.jobs(index, start, start + 3000))
        for (const step of range(seconds(job.start), seconds(job.end) + 1)) {
          const { values } = shop.readingAt(index, step);
          for (const signal of shopSignals) assert.ok(values[signal] > 0, `${signal} ${values[signal]}`);
          assert.ok(values.cpu < 100);
        }
    }),
  );
});

test('asking for jobs in parts gives the same ones, and without a change there are none', () => {
  const shop = createShop({ ...options, change });
  const whole = shop.jobs(3, start, start + 3000);
  const parts = range(0, 300).flatMap((part) => shop.jobs(3, start + part * 10, start + (part + 1) * 10));
  assert.deepEqual(parts, whole);
  assert.deepEqual(createShop(options).jobs(3, start, start + 3000), []);
  assert.deepEqual(createShop({ ...options, change: null }).jobs(3, start, start + 3000), []);
});

test('without a change every value is what it was before there were changes', () => {
  const digest = createHash('sha256');
  const shop = createShop({ ...options, change: null });
  for (const index of range(0, 24)) {
    for (const step of range(start, start + 500)) digest.update(JSON.stringify(shop.readingAt(index, step)));
    digest.update(JSON.stringify(shop.injections(index, start, start + 500)));
  }
  assert.equal(digest.digest('hex'), '4214f56801cd55840e023959dece272917f0542d0583f4417990014330dc6a1a');
});
