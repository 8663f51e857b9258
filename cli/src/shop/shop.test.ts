import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reading } from '@verdict/contracts';
import fc from 'fast-check';
import { injectionKinds } from './injection-kinds.ts';
import { serviceProfile, shopSignals } from './service-profile.ts';
import { createShop, type ShopOptions } from './shop.ts';

const start = 1_800_000_000;
const options: ShopOptions = {
  seed: 7,
  series: 24,
  intervalMs: 1000,
  dayMs: 240_000,
  gapSteps: 300,
  kinds: injectionKinds,
  quietUntilStep: 0,
};
const steps = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

test('any reading can be computed again, in any order, from the options alone', () => {
  const index = fc.integer({ min: 0, max: 23 });
  const step = fc.integer({ min: start, max: start + 100_000 });
  const seed = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(seed, index, fc.array(step, { maxLength: 20 }), (given, at, order) => {
      const one = createShop({ ...options, seed: given });
      const other = createShop({ ...options, seed: given });
      const forward = order.map((each) => one.readingAt(at, each));
      const backward = order.toReversed().map((each) => other.readingAt(at, each));
      assert.deepEqual(forward, backward.toReversed());
      for (const reading of forward) Reading.parse(reading);
    }),
  );
});

test('another seed is another shop', () => {
  const one = createShop(options).readingAt(0, start).values;
  const other = createShop({ ...options, seed: 8 }).readingAt(0, start).values;
  for (const signal of shopSignals) assert.notEqual(one[signal], other[signal]);
});

test('injected intervals differ from the clean values by the stated magnitude, and nothing else differs', () => {
  const shop = createShop(options);
  const seen = new Set<string>();
  for (const index of steps(0, 24)) {
    const { signals } = serviceProfile(options.seed, index);
    const injections = shop.injections(index, start, start + 5000);
    const inside = new Map<number, (typeof injections)[number]>();
    for (const injection of injections) {
      seen.add(injection.kind);
      const from = Date.parse(injection.start) / 1000;
      for (const step of steps(from, Date.parse(injection.end) / 1000 + 1)) inside.set(step, injection);
    }
    const largest = new Map<string, number>();
    for (const step of steps(start, start + 5000)) {
      const real = shop.readingAt(index, step).values;
      const clean = shop.cleanReadingAt(index, step).values;
      const injection = inside.get(step);
      for (const signal of shopSignals) {
        const sigmas = Math.abs(real[signal] - clean[signal]) / signals[signal].sigma;
        if (!injection?.signals.includes(signal)) {
          // An injection that began before the first step is told by the earlier question only.
          if (step >= start + 300) assert.equal(sigmas, 0, `${shop.series[index]} ${step} ${signal}`);
        } else largest.set(injection.start, Math.max(largest.get(injection.start) ?? 0, sigmas));
      }
    }
    for (const injection of injections) {
      if (Date.parse(injection.end) / 1000 >= start + 5000) continue;
      assert.ok(Math.abs((largest.get(injection.start) ?? 0) - injection.magnitude) < 0.02);
      if (injection.kind !== 'flat') assert.ok(injection.magnitude >= 7, `${injection.kind}`);
    }
  }
  assert.deepEqual([...seen].sort(), [...injectionKinds].sort());
});

test('a flat line repeats the last value before it', () => {
  const shop = createShop({ ...options, kinds: ['flat'] });
  const [injection] = shop.injections(3, start, start + 1000);
  assert.ok(injection);
  const from = Date.parse(injection.start) / 1000;
  const signal = injection.signals[0] as 'cpu';
  const before = shop.readingAt(3, from - 1).values[signal];
  for (const step of steps(from, Date.parse(injection.end) / 1000 + 1))
    assert.equal(shop.readingAt(3, step).values[signal], before);
});

test('nothing begins in the quiet time at the start, and only the kinds asked for begin later', () => {
  const shop = createShop({ ...options, kinds: ['spike', 'drop'], quietUntilStep: start + 1000 });
  const all = steps(0, 24).flatMap((index) => shop.injections(index, start, start + 10_000));
  for (const injection of all) {
    assert.ok(Date.parse(injection.start) / 1000 >= start + 1000);
    assert.ok(injection.kind === 'spike' || injection.kind === 'drop');
  }
  for (const index of steps(0, 24))
    for (const step of steps(start, start + 1000))
      assert.deepEqual(shop.readingAt(index, step), shop.cleanReadingAt(index, step));
});

test('injections come as often as asked, and asking in parts gives the same ones', () => {
  const shop = createShop(options);
  const whole = steps(0, 24).flatMap((index) => shop.injections(index, start, start + 10_000));
  assert.ok(Math.abs(whole.length - (24 * 10_000) / 300) <= 24);
  const parts = steps(0, 24).flatMap((index) =>
    steps(0, 100).flatMap((part) => shop.injections(index, start + part * 100, start + (part + 1) * 100)),
  );
  assert.deepEqual(parts, whole);
  assert.equal(createShop({ ...options, gapSteps: null }).injections(0, start, start + 30_000).length, 0);
});

test('values stay possible: nothing below zero and no more than all of the cpu', () => {
  for (const seed of steps(0, 5)) {
    const shop = createShop({ ...options, seed, gapSteps: 120 });
    for (const index of steps(0, 24))
      for (const step of steps(start, start + 1680)) {
        const { values } = shop.readingAt(index, step);
        for (const signal of shopSignals) assert.ok(values[signal] >= 0, `${signal} ${values[signal]}`);
        assert.ok(values.cpu <= 100);
      }
  }
});

test('signals of one service move together and the day has a shape', () => {
  const shop = createShop({ ...options, gapSteps: null });
  const day = steps(start, start + 240).map((step) => shop.readingAt(5, step).values);
  assert.ok(
    correlation(
      day.map((values) => values.requests),
      day.map((values) => values.cpu),
    ) > 0.8,
  );
  const next = steps(start + 240, start + 480).map((step) => shop.readingAt(5, step).values);
  assert.ok(
    correlation(
      day.map((values) => values.cpu),
      next.map((values) => values.cpu),
    ) > 0.7,
  );
});

test('a thousand services have a thousand names', () => {
  const { series } = createShop({ ...options, series: 1000 });
  assert.equal(new Set(series).size, 1000);
  assert.equal(series[0], 'shop/cart');
  assert.equal(series[24], 'shop/cart-2');
});

function correlation(left: number[], right: number[]): number {
  const mean = (numbers: number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [a, b] = [mean(left), mean(right)];
  const sum = (each: (x: number, y: number) => number) =>
    left.reduce((total, x, at) => total + each(x - a, (right[at] ?? 0) - b), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_x, y) => y * y));
}
