import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { cutAt, joined, noisyDays } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { SeriesBlock } from './series-block.ts';
import { UnitShape } from './unit/unit-state.ts';

const signals = ['a', 'b', 'c', 'd', 'e', 'f'];
const rows = 1500;

/** Signals that follow one level closely; at some rows one of them goes the other way. */
function together(against: readonly number[]): SeriesBlock {
  const block = noisyDays('s', rows, { signals });
  const { values } = block;
  const width = signals.length;
  let level = 100;
  for (let row = 0; row < rows; row += 1) {
    const before = level;
    const step = (values[row * width] ?? 0) - 100;
    level = against.includes(row) ? before + 1.5 : 100 + 0.5 * (level - 100) + step;
    for (let column = 0; column < width; column += 1) {
      const own = 0.05 * ((values[row * width + column] ?? 0) - 100);
      const opposite = against.includes(row) && column === 3;
      values[row * width + column] = (opposite ? 2 * before - level : level) + own;
    }
  }
  return block;
}

test('a row that breaks with what moves together scores highest, although it is as large as others', async () => {
  const odd = [700, 900, 1100, 1300];
  const { scored } = await new Engine({ model: builtInModel({ signals }) }).process([together(odd)]);
  const [block] = scored;
  assert.ok(block !== undefined);
  // By then enough is known of what moves together.
  const settled = [...block.score.keys()].filter((row) => row >= 300);
  const order = settled.sort((a, b) => (block.score[b] ?? 0) - (block.score[a] ?? 0));
  const near = (row: number) => odd.some((one) => row >= one && row <= one + 3);
  assert.ok(order.slice(0, 4).every(near), `${order.slice(0, 8)}`);
});

test('units of several signals are scored alike however their readings are cut, and from snapshots', async () => {
  const block = together([700, 900]);
  const model = builtInModel({ signals });
  const whole = await new Engine({ model }).process([block]);
  let engine = new Engine({ model });
  const results = [];
  for (const part of cutAt(block, [1, 31, 32, 33, 64, 500, 701, 1024, 1025])) {
    results.push(await engine.process([part]));
    engine = await Engine.restore(engine.snapshot(), { model });
  }
  assert.deepEqual(joined(results), joined([whole]));
});

test('a unit remembers what it is allowed to', () => {
  const bytes = (width: number) => 4 * new UnitShape(width, true).words;
  assert.ok(bytes(1) <= 4500, `${bytes(1)}`);
  assert.ok(bytes(4) <= 13_500, `${bytes(4)}`);
  assert.ok(bytes(38) <= 145_000, `${bytes(38)}`);
  assert.ok(bytes(100) <= 620_000, `${bytes(100)}`);
});
