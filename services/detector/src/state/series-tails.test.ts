import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, type ScoredBlock } from '@verdict/detection';
import fc from 'fast-check';
import { readingTexts } from '../testing/scripted-partition-store.fixture.ts';
import { chunkLimits, SeriesTails } from './series-tails.ts';

function block(times: readonly number[], signals: readonly string[] = ['cpu']): ScoredBlock {
  const cells = Float32Array.from(times.flatMap((time) => signals.map((_, index) => time + index)));
  return {
    series: 'shop/cart',
    signals,
    times: Float64Array.from(times),
    values: cells,
    expected: cells.map((value) => value / 2),
    band: cells.map(() => 1),
    score: Float32Array.from(times, (time) => (time % 100) / 100),
    flags: Uint8Array.from(times, () => 2),
  };
}

const seconds = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => (from + index) * 1000);

test('a tail is cut at 60 readings', () => {
  const tails = new SeriesTails();
  tails.append(block(seconds(59)));
  assert.equal(tails.pending().length, 0);
  tails.append(block(seconds(62, 59)));
  assert.deepEqual(
    tails.pending().map(({ rows }) => rows.times.length),
    [60, 60],
  );
  assert.deepEqual(tails.whole('shop/cart')?.rows.times, Float64Array.of(120_000));
});

test('a tail is cut when it spans five minutes', () => {
  const tails = new SeriesTails();
  tails.append(block([0, 100_000, 299_999]));
  assert.equal(tails.pending().length, 0);
  tails.append(block([300_000, 300_001]));
  assert.deepEqual([...(tails.pending()[0]?.rows.times ?? [])], [0, 100_000, 299_999, 300_000]);
});

test('where a tail is cut does not depend on how readings are packed into blocks', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(gaps, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (waits, sizes) => {
      let timeMs = 0;
      const times = waits.map((wait) => {
        timeMs += wait;
        return timeMs;
      });
      const whole = new SeriesTails();
      whole.append(block(times));
      const pieces = new SeriesTails();
      for (let from = 0, turn = 0; from < times.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pieces.append(block(times.slice(from, from + size)));
        from += size;
      }
      assert.deepEqual(pieces.pending(), whole.pending());
      assert.deepEqual(pieces.whole('shop/cart'), whole.whole('shop/cart'));
      for (const { rows } of whole.pending()) assert.ok(rows.times.length <= chunkLimits.readings);
    }),
    { numRuns: 50 },
  );
});

test('a signal that comes later gets a column, empty in the rows before', () => {
  const tails = new SeriesTails();
  tails.append(block([1000], ['cpu']));
  tails.append(block([2000], ['disk', 'cpu']));
  tails.append(block([3000], ['disk']));
  const tail = tails.whole('shop/cart');
  assert.deepEqual(tail?.rows.signals, ['cpu', 'disk']);
  assert.deepEqual([...(tail?.rows.values ?? [])], [1000, Number.NaN, 2001, 2000, Number.NaN, 3000]);
});

test('cut readings stay visible until they are committed, and a moment longer', () => {
  const tails = new SeriesTails();
  tails.append(block(seconds(61)));
  const visible = () => [...(tails.newest('shop/cart', 55_000)?.times ?? [])];
  const expected = [56_000, 57_000, 58_000, 59_000, 60_000];
  assert.deepEqual(visible(), expected);
  assert.ok(tails.has('shop/cart', 3000) && !tails.has('shop/cart', 3001));
  tails.settle(1000);
  assert.deepEqual(visible(), expected);
  assert.ok(!tails.has('shop/cart', 3000) && tails.has('shop/cart', 60_000));
  tails.settle(1000 + 3000);
  assert.deepEqual(visible(), [60_000]);
});

test('rows that history has already are trimmed', () => {
  const tails = new SeriesTails();
  tails.append(block(seconds(10)));
  atOnce(tails.trim(new Map([['shop/other', 1e9]])));
  assert.equal(tails.whole('shop/cart')?.rows.times.length, 10);
  atOnce(tails.trim(new Map([['shop/cart', 6000]])));
  assert.deepEqual([...(tails.newest('shop/cart', -1)?.times ?? [])], [7000, 8000, 9000]);
  atOnce(tails.trim(new Map([['shop/cart', 9000]])));
  assert.equal(tails.whole('shop/cart'), null);
});

test('tails restored from their rows go on as the old ones', () => {
  const old = new SeriesTails();
  old.append(block(seconds(40), ['cpu', 'mem']));
  const middle = old.whole('shop/cart');
  assert.ok(middle !== null);
  const restored = atOnce(SeriesTails.from([['shop/cart', [middle.rows]]]));
  for (const tails of [old, restored]) tails.append(block(seconds(30, 40), ['mem']));
  const texts = (tails: SeriesTails) =>
    [...tails.pending(), ...[tails.whole('shop/cart') ?? []].flat()].flatMap(({ rows }) =>
      readingTexts('shop/cart', rows),
    );
  assert.deepEqual(texts(restored), texts(old));
});
