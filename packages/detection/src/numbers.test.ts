import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DecimatedSample, quantile } from './decimated-sample.ts';
import { errorTail, tailThreshold } from './error-calibration.ts';
import { FlatLine } from './flat-line.ts';
import { IntervalTracker } from './interval-tracker.ts';
import { RobustScale } from './robust-scale.ts';
import { StateReader, StateWriter } from './state-codec.ts';

test('a decimated sample holds one of every few values of the recent past', () => {
  const sample = new DecimatedSample(8, 4);
  for (let value = 0; value < 100; value += 1) sample.add(value);
  const sorted = [...sample.sorted()];
  assert.equal(sorted.length, 8);
  assert.ok((sorted[0] ?? 0) >= 60 && (sorted.at(-1) ?? 0) >= 92);
  sorted.slice(1).forEach((value, index) => {
    assert.ok(value - (sorted[index] ?? 0) <= 7);
  });
});

test('a decimated sample sees what comes back every 20 values', () => {
  for (let phase = 0; phase < 20; phase += 1) {
    const sample = new DecimatedSample(256, 4);
    for (let i = 0; i < 4000; i += 1) sample.add(i % 20 === phase ? 1 : 0);
    const share = sample.sorted().reduce((sum, value) => sum + value, 0) / 256;
    assert.ok(share > 0.01 && share < 0.12, `phase ${phase}: ${share}`);
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

test('the robust scale ignores a few wild values and never has a deviation of 0', () => {
  const scale = new RobustScale();
  for (let i = 0; i < 1000; i += 1) scale.add(i % 50 === 7 ? 1e6 : 100 + (i % 11));
  assert.ok(Math.abs(scale.center - 105) < 1.5);
  assert.ok(scale.deviation > 2 && scale.deviation < 5);
  assert.equal(scale.scaled(1e9), 8);
  const still = new RobustScale();
  for (let i = 0; i < 100; i += 1) still.add(0);
  assert.ok(still.deviation > 0);
  assert.equal(still.scaled(0), 0);
});

test('a signal that always stood still or often does is no flat line', () => {
  const [still, steps] = [new FlatLine(), new FlatLine()];
  for (let i = 0; i < 2000; i += 1) {
    assert.ok(still.evidence(5) <= 1);
    assert.ok(steps.evidence(Math.floor(i / 30)) <= 1);
  }
});

test('a gap is many typical intervals, however irregular they are', () => {
  const tracker = new IntervalTracker();
  let time = 0;
  for (let i = 0; i < 200; i += 1) {
    time += 1000 + 4000 * (i % 3);
    assert.equal(tracker.isGap(time, 16), false);
  }
  assert.equal(tracker.isGap(time + 200_000, 16), true);
});

test('what the state codec writes it reads, at any length', () => {
  const anything = fc.array(fc.tuple(fc.double(), fc.float(), fc.string(), fc.nat(255)), { maxLength: 600 });
  fc.assert(
    fc.property(anything, (entries) => {
      const to = new StateWriter();
      for (const [double, float, text, byte] of entries) {
        to.f64(double);
        to.floats(Float32Array.of(float), 1);
        to.text(text);
        to.u8(byte);
        to.u32(byte);
      }
      const from = new StateReader(to.finish());
      const one = new Float32Array(1);
      for (const [double, float, text, byte] of entries) {
        assert.ok(Object.is(from.f64(), double));
        from.floats(one, 1);
        assert.ok(Object.is(one[0], float));
        assert.equal(from.text(), new TextDecoder().decode(new TextEncoder().encode(text)));
        assert.equal(from.u8(), byte);
        assert.equal(from.u32(), byte);
      }
      assert.equal(from.left, 0);
    }),
    { numRuns: 30 },
  );
});
