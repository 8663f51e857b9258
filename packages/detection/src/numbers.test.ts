import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addToSample, decimatedSampleWords, sampleCount, sampleQuantile } from './signal/decimated-sample.ts';
import { addError, errorHistogramWords, errorThreshold } from './signal/error-histogram.ts';
import { errorTail, excessesBeyond, tailThreshold } from './signal/error-tail.ts';
import { flatLineEvidence, flatLineWords } from './signal/flat-line.ts';
import { quantile } from './signal/quantile.ts';
import { addToScale, centerOf, deviationOf, robustScaleWords } from './signal/robust-scale.ts';
import { Memory } from './state/memory.ts';
import { SlotStore } from './state/slot-store.ts';
import { StateReader, StateWriter } from './state/state-codec.ts';
import { intervalsWords, takeTime } from './unit/intervals.ts';

test('a decimated sample holds one of every few values of the recent past', () => {
  const sample = new Memory(decimatedSampleWords);
  for (let value = 0; value < 10_000; value += 1) addToSample(sample, 0, value);
  assert.equal(sampleCount(sample, 0), 128);
  const [low, high] = [sampleQuantile(sample, 0, 0), sampleQuantile(sample, 0, 1)];
  assert.ok(low >= 10_000 - 2100 && low <= 10_000 - 2000, `${low}`);
  assert.ok(high >= 10_000 - 32, `${high}`);
  assert.ok(Math.abs(sampleQuantile(sample, 0, 0.5) - (low + high) / 2) < 24);
});

test('quantiles of a decimated sample are those of its values, whatever came and went', () => {
  const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.float({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 128 }), (values) => {
      const sample = new Memory(decimatedSampleWords);
      for (const one of values) addToSample(sample, 0, one);
      const sorted = Float32Array.from(values).sort();
      for (const probability of [0, 0.05, 0.5, 0.95, 1])
        assert.equal(sampleQuantile(sample, 0, probability), quantile(sorted, probability));
    }),
  );
});

test('a decimated sample sees what comes back every 20 values', () => {
  for (let phase = 0; phase < 20; phase += 1) {
    const sample = new Memory(decimatedSampleWords);
    for (let i = 0; i < 6000; i += 1) addToSample(sample, 0, i % 20 === phase ? 1 : 0);
    assert.equal(sampleQuantile(sample, 0, 1 - 0.15), 0, `phase ${phase}`);
    assert.equal(sampleQuantile(sample, 0, 1), 1, `phase ${phase}`);
  }
});

test('quantiles interpolate as the usual definition says', () => {
  assert.equal(quantile([1, 2, 3, 4], 0.5), 2.5);
  assert.equal(quantile([7], 0.9), 7);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test('the tail threshold of exponential errors is their true quantile', () => {
  const errors = Float64Array.from({ length: 10_000 }, (_, i) => -Math.log(1 - (i + 0.5) / 10_000));
  const threshold = tailThreshold(errorTail(errors), 1e-4);
  assert.ok(Math.abs(threshold - Math.log(1e4)) < 0.05, `${threshold}`);
});

/** The threshold for errors that one in `1 / probability` exceeds, from own errors alone as far as possible. */
function learntThreshold(errors: Iterable<number>, probability: number): number {
  const histogram = new Memory(errorHistogramWords);
  let likely = 1;
  for (const error of errors) {
    addError(histogram, 0, Math.min(error, 4 * likely), likely);
    likely = errorThreshold(
      histogram,
      0,
      { border: 1.5, excess: 0.5, unit: likely },
      excessesBeyond(probability),
    );
  }
  return errorThreshold(histogram, 0, { border: 1.5, excess: 0.5, unit: 1 }, excessesBeyond(probability));
}

/** Exponential errors of mean 1 in an order without pattern. */
function* exponentialErrors(count: number): Iterable<number> {
  for (let i = 0; i < count; i += 1) yield -Math.log(1 - (((i * 7919) % 10_007) + 0.5) / 10_007);
}

test('what a histogram learns of errors is about what all of them say, at any size', () => {
  const expected = tailThreshold(errorTail(Float64Array.from(exponentialErrors(1000)).sort()), 4e-4);
  const learnt = learntThreshold(exponentialErrors(1000), 4e-4);
  assert.ok(Math.abs(learnt - expected) < 0.15 * expected, `${learnt} instead of ${expected}`);
});

test('a histogram forgets: errors that have become a thousandth are told apart again', () => {
  const errors = [...exponentialErrors(2000), ...[...exponentialErrors(8000)].map((error) => error / 1000)];
  const threshold = learntThreshold(errors, 4e-4);
  // A sixteenth of the threshold is still the model's, which knows nothing of the change.
  assert.ok(threshold < 0.4, `${threshold}`);
});

test('errors that are always the same stay below their threshold', () => {
  for (const error of [0, 0.3, 1, 2.5]) {
    const threshold = learntThreshold(new Array(500).fill(error), 4e-4);
    assert.ok(threshold > error && threshold < 1.3 * error + 0.5, `${error}: ${threshold}`);
  }
});

test('the robust scale ignores a few wild values and never has a deviation of 0', () => {
  const scale = new Memory(robustScaleWords);
  for (let i = 0; i < 1000; i += 1) addToScale(scale, 0, i % 50 === 7 ? 1e6 : 100 + (i % 11));
  assert.ok(Math.abs(centerOf(scale, 0) - 105) < 1.5);
  assert.ok(deviationOf(scale, 0) > 2 && deviationOf(scale, 0) < 5);
  const still = new Memory(robustScaleWords);
  assert.ok(deviationOf(still, 0) > 0);
  for (let i = 0; i < 100; i += 1) addToScale(still, 0, 0);
  assert.ok(deviationOf(still, 0) > 0);
});

test('a signal that always stood still or often does is no flat line', () => {
  const [still, steps] = [new Memory(flatLineWords), new Memory(flatLineWords)];
  for (let i = 0; i < 2000; i += 1) {
    assert.ok(flatLineEvidence(still, 0, 5) <= 1);
    assert.ok(flatLineEvidence(steps, 0, Math.floor(i / 30)) <= 1);
  }
});

test('a gap is many typical intervals, however irregular they are', () => {
  const times = new Memory(intervalsWords);
  let time = 1e12;
  for (let i = 0; i < 200; i += 1) {
    time += 1000 + 4000 * (i % 3);
    assert.equal(takeTime(times, 0, time, 16), false);
  }
  assert.equal(takeTime(times, 0, time + 200_000, 16), true);
});

test('a slot that was given back comes again as zeros, and no other one is touched', () => {
  const store = new SlotStore(6);
  const [a, b] = [store.take(), store.take()];
  const numbers = (slot: number) => {
    const { memory, at } = store.slot(slot);
    return memory.f32.subarray(at, at + 6);
  };
  for (const slot of [a, b]) numbers(slot).fill(7);
  store.give(a);
  assert.ok(numbers(b).every((one) => one === 7));
  assert.ok(numbers(store.take()).every((one) => one === 0));
});

test('what the state codec writes it reads, at any length', () => {
  const anything = fc.array(fc.tuple(fc.double(), fc.float(), fc.string(), fc.nat(255)), { maxLength: 600 });
  fc.assert(
    fc.property(anything, (entries) => {
      const to = new StateWriter();
      for (const [double, float, text, byte] of entries) {
        to.f64(double);
        to.slot({ memory: pair(float), at: 0 }, 2);
        to.text(text);
        to.u8(byte);
        to.u32(byte);
      }
      const from = new StateReader(to.finish());
      const one = new Memory(2);
      for (const [double, float, text, byte] of entries) {
        assert.ok(Object.is(from.f64(), double));
        from.slot({ memory: one, at: 0 }, 2);
        assert.ok(Object.is(one.f32[0], float));
        assert.equal(from.text(), new TextDecoder().decode(new TextEncoder().encode(text)));
        assert.equal(from.u8(), byte);
        assert.equal(from.u32(), byte);
      }
      assert.equal(from.left, 0);
    }),
    { numRuns: 30 },
  );
});

function pair(value: number): Memory {
  const memory = new Memory(2);
  memory.f32[0] = value;
  return memory;
}
