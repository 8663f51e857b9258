import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Adwin } from './adwin.ts';
import { DriftSign } from './drift-sign.ts';
import { seededNormal } from './seeded-noise.fixture.ts';

const feed = (adwin: Adwin, count: number, next: () => number) => {
  let changes = 0;
  for (let i = 0; i < count; i += 1) if (adwin.add(next())) changes += 1;
  return changes;
};

test('steady noise lets the window grow and hardly ever looks like a change', () => {
  let changes = 0;
  for (let seed = 1; seed <= 10; seed += 1) {
    const adwin = new Adwin();
    const noise = seededNormal(seed);
    changes += feed(adwin, 5000, () => -1 + 0.3 * noise());
    if (changes === 0)
      assert.deepEqual([adwin.window().count, adwin.window().mean.toFixed(1)], [5000, '-1.0']);
  }
  assert.ok(changes <= 1, `${changes} changes in 50,000 values`);
});

test('a change of the mean is seen within two hundred values, and the window keeps the new mean alone', () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const adwin = new Adwin();
    const noise = seededNormal(seed);
    feed(adwin, 2000, () => 0.3 * noise());
    assert.ok(feed(adwin, 200, () => 1 + 0.3 * noise()) > 0, `seed ${seed}`);
    feed(adwin, 1000, () => 1 + 0.3 * noise());
    assert.ok(Math.abs(adwin.window().mean - 1) < 0.1, String(adwin.window().mean));
  }
});

test('memory grows with the logarithm of the window', () => {
  const adwin = new Adwin();
  feed(adwin, 100_000, () => 0.5);
  const { rows } = adwin.snapshot();
  assert.ok(rows.length <= 17 && rows.every((row) => row.length <= 5), `${rows.length} rows`);
});

test('the histogram knows count and mean of its window exactly, and goes on from a snapshot', () => {
  // JSON knows no -0, and nothing else does either: it sums like 0.
  const value = fc.double({ min: -1, max: 1, noNaN: true }).map((drawn) => drawn + 0);
  fc.assert(
    fc.property(fc.array(value, { maxLength: 300 }), (values) => {
      const adwin = new Adwin(1e-12);
      const half = values.length >> 1;
      for (const value of values.slice(0, half)) adwin.add(value);
      const restored = new Adwin(1e-12, JSON.parse(JSON.stringify(adwin.snapshot())));
      for (const value of values.slice(half)) assert.deepEqual(restored.add(value), adwin.add(value));
      assert.deepEqual(restored.snapshot(), adwin.snapshot());
      const { count, mean } = adwin.window();
      const kept = values.slice(values.length - count);
      const wanted = kept.reduce((sum, value) => sum + value, 0) / Math.max(1, kept.length);
      assert.ok(Math.abs(mean - wanted) < 1e-9);
    }),
    { numRuns: 50 },
  );
});

test('values that are not finite are left out', () => {
  const adwin = new Adwin();
  feed(adwin, 100, () => Number.NaN);
  feed(adwin, 100, () => Number.NEGATIVE_INFINITY);
  assert.equal(adwin.window().count, 0);
});

test('drift is a sign for six hours after residuals changed their size', () => {
  const minuteMs = 60_000;
  let sign = new DriftSign();
  const noise = seededNormal(3);
  for (let i = 0; i < 500; i += 1) sign.add(-2 + 0.2 * noise(), i * minuteMs);
  assert.equal(sign.sign(500 * minuteMs).active, false);
  for (let i = 500; i < 700; i += 1) sign.add(-1 + 0.2 * noise(), i * minuteMs);
  sign = new DriftSign(JSON.parse(JSON.stringify(sign.snapshot())));
  const seen = sign.sign(700 * minuteMs);
  assert.equal(seen.active, true);
  assert.match(seen.text, /by the factor 2\.\d+ at 1970/);
  assert.equal(sign.sign(1200 * minuteMs).active, false);
});
