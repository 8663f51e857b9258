import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sign, signNames } from '@verdict/contracts';
import fc from 'fast-check';
import { AlarmRateSign } from './alarm-rate-sign.ts';
import { CalibrationSign, uniformDistance } from './calibration-sign.ts';
import { driftVerdict } from './drift-verdict.ts';
import { InputDriftSign, referenceBins, stabilityIndex } from './input-drift-sign.ts';
import { seededNormal, seededUniform } from './seeded-noise.fixture.ts';
import { signOf } from './sign.ts';

const times = (count: number, act: (index: number) => void) => {
  for (let index = 0; index < count; index += 1) act(index);
};

test('uniform p-values are no sign, small ones are, and they are forgotten again', () => {
  const uniform = seededUniform(1);
  const sign = new CalibrationSign();
  times(199, () => sign.add(uniform()));
  assert.equal(sign.sign().value, null);
  times(2000, () => sign.add(uniform()));
  assert.equal(sign.sign().active, false);
  times(2000, () => sign.add(uniform() ** 2));
  assert.equal(sign.sign().active, true);
  times(3000, () => sign.add(uniform()));
  assert.equal(sign.sign().active, false);
});

test('two hundred uniform p-values hardly ever look like a sign', () => {
  let active = 0;
  times(200, (seed) => {
    const uniform = seededUniform(seed);
    const sign = new CalibrationSign();
    times(200, () => sign.add(uniform()));
    if (sign.sign().active) active += 1;
  });
  assert.ok(active <= 2, String(active));
});

test('p-values may be given as counts per bin, however many at a time', () => {
  const even = new Array<number>(64).fill(50);
  const small = even.map((_, bin) => (bin < 16 ? 200 : 0));
  const sign = new CalibrationSign();
  sign.addCounts(even.map((_, bin) => (bin < 3 ? 50 : 0)));
  assert.equal(sign.sign().value, null);
  sign.addCounts(even);
  assert.equal(sign.sign().active, false);
  times(2, () => sign.addCounts(small));
  assert.deepEqual([sign.sign().active, sign.sign().value], [true, 0.75]);
  times(2, () => sign.addCounts(even));
  assert.equal(sign.sign().value, 0);
  assert.throws(() => sign.addCounts([1, 2]), RangeError);
});

test('counts of inputs per bin say the same as the inputs one by one', () => {
  const normal = seededNormal(7);
  const reference = referenceBins(Array.from({ length: 1000 }, normal));
  const [single, bulk] = [new InputDriftSign(reference), new InputDriftSign(reference)];
  const counts = reference.counts.map(() => 0);
  times(1500, () => {
    const value = normal() + 1;
    const bin = reference.borders.filter((border) => value >= border).length;
    counts[bin] = (counts[bin] ?? 0) + 1;
    single.add(value);
  });
  bulk.addCounts(counts);
  assert.deepEqual(bulk.sign(), single.sign());
  assert.equal(bulk.sign().active, true);
});

test('the distance from uniform: 0 for even bins, ½ for the one half, nearly 1 for the one end', () => {
  assert.equal(uniformDistance([5, 5, 5, 5]), 0);
  assert.equal(uniformDistance([5, 5, 0, 0]), 0.5);
  assert.equal(uniformDistance([0, 0, 0, 5]), 0.75);
  assert.equal(uniformDistance([0, 0]), null);
});

test('more than three times the nominal alarms over ten nominal intervals are a sign', () => {
  const sign = new AlarmRateSign(1);
  times(9, () => sign.add(1000, 9));
  assert.equal(sign.sign().value, null);
  sign.add(1000, 0);
  assert.equal(sign.sign().active, true);
  const border = new AlarmRateSign(1);
  times(10, () => border.add(1000, 3));
  assert.deepEqual([border.sign().value, border.sign().active], [3, false]);
  times(1000, () => border.add(10, 0));
  assert.equal(border.sign().value, 0);
});

test('however readings are cut into batches, about ten intervals are watched, in bounded memory', () => {
  const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.nat({ max: 5 })), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(batches, (list) => {
      let sign = new AlarmRateSign(2);
      for (const [readings, anomalies] of list) {
        sign.add(readings, anomalies);
        sign = new AlarmRateSign(2, JSON.parse(JSON.stringify(sign.snapshot())));
      }
      assert.ok(sign.snapshot().intervals.length <= 11);
      const readings = list.reduce((sum, [count]) => sum + count, 0);
      if (readings >= 10 * (500 + 3000)) assert.notEqual(sign.sign().value, null);
    }),
    { numRuns: 50 },
  );
});

test('the stability index: 0 for equal shares, the textbook value for two bins', () => {
  assert.ok(Math.abs(stabilityIndex([1000, 1000], [30, 30])) < 1e-12);
  const wanted = 0.2 * Math.log(0.6 / 0.4);
  assert.ok(
    Math.abs(stabilityIndex([5e6, 5e6], [6e6, 4e6]) - (0.1 * Math.log(1.2) - 0.1 * Math.log(0.8))) < 1e-6,
  );
  assert.ok(Math.abs(stabilityIndex([4e6, 6e6], [6e6, 4e6]) - 2 * wanted) < 1e-6);
});

test('the stability index is never negative and does not mind which side is the reference, given equal sums', () => {
  const counts = fc.array(fc.nat({ max: 500 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(counts, fc.nat(), (reference, by) => {
      const turned = reference.map((_, index) => reference[(index + by) % reference.length] ?? 0);
      const there = stabilityIndex(reference, turned);
      assert.ok(there >= 0 && Math.abs(there - stabilityIndex(turned, reference)) < 1e-9);
    }),
  );
});

test('input of the same distribution is no sign; a shift by most of a deviation is', () => {
  const normal = seededNormal(5);
  const sample = Array.from({ length: 3000 }, normal);
  let sign = new InputDriftSign(referenceBins(sample));
  times(499, () => sign.add(normal()));
  assert.equal(sign.sign().value, null);
  times(3000, () => sign.add(normal()));
  assert.equal(sign.sign().active, false);
  times(4000, () => sign.add(normal() + 0.7));
  sign = new InputDriftSign(referenceBins(sample), JSON.parse(JSON.stringify(sign.snapshot())));
  assert.equal(sign.sign().active, true);
});

test('a reference of few different values has few bins, and each of them holds some', () => {
  assert.deepEqual(referenceBins([1, 1, 1, 1]), { borders: [], counts: [4] });
  const { borders, counts } = referenceBins([0, 0, 0, 0, 0, 0, 1, 1, 1, 2]);
  assert.deepEqual(
    [borders, counts],
    [
      [1, 2],
      [6, 3, 1],
    ],
  );
  assert.throws(() => referenceBins([Number.NaN]), RangeError);
});

test('two signs of the four retrain, one is watched, none is calm', () => {
  const sign = (index: number, active: boolean): Sign =>
    signOf({ name: signNames[index] ?? 'drift', value: active ? 2 : null, border: 1, text: 'as measured' });
  for (let mask = 0; mask < 16; mask += 1) {
    const signs = signNames.map((_, index) => sign(index, ((mask >> index) & 1) === 1));
    const active = signs.filter((one) => one.active).length;
    assert.equal(driftVerdict(signs).verdict, ['calm', 'watch'][active] ?? 'retrain');
    assert.equal(driftVerdict([...signs, ...signs]).active.length, active);
  }
});
