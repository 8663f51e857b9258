import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingFlags } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';
import fc from 'fast-check';
import { pickPoints } from './pick-points.ts';

/** Rows whose values are given signal by signal. */
function rowsOf(columns: number[][], change: { score?: number[]; flags?: number[] } = {}): HistoryRows {
  const length = columns[0]?.length ?? 0;
  const cells = Float32Array.from({ length: length * columns.length }, (_, cell) => {
    return columns[cell % columns.length]?.[Math.floor(cell / columns.length)] ?? Number.NaN;
  });
  return {
    signals: columns.map((_, signal) => `s${signal}`),
    times: Float64Array.from({ length }, (_, row) => row * 1000),
    values: cells,
    expected: cells,
    band: cells,
    score: Float32Array.from(change.score ?? new Array(length).fill(0)),
    flags: Uint8Array.from(change.flags ?? new Array(length).fill(0)),
  };
}

test('few readings are all kept', () => {
  assert.deepEqual(pickPoints(rowsOf([[1, 2, 3]]), 3), [0, 1, 2]);
  assert.deepEqual(pickPoints(rowsOf([[]]), 10), []);
});

test('a single spike among a hundred thousand readings survives', () => {
  const values = new Array(100_000).fill(1);
  values[77_777] = 50;
  values[11_111] = -50;
  const picked = pickPoints(rowsOf([values]), 500);
  assert.ok(picked.includes(77_777) && picked.includes(11_111));
});

test('a lone alarm survives even where its score and value are ordinary', () => {
  const flags = new Array(10_000).fill(0);
  flags[1234] = readingFlags.alarm;
  const score = new Array(10_000).fill(0.4);
  assert.ok(pickPoints(rowsOf([new Array(10_000).fill(1)], { flags, score }), 100).includes(1234));
});

test('never more points than asked for, ascending, ends and extremes of every signal kept', () => {
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  );
  const columns = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 400 }))
    .chain(([signals, length]) =>
      fc.array(fc.array(value, { minLength: length, maxLength: length }), {
        minLength: signals,
        maxLength: signals,
      }),
    );
  fc.assert(
    fc.property(columns, fc.integer({ min: 20, max: 120 }), (given, points) => {
      const rows = rowsOf(given);
      const picked = pickPoints(rows, points);
      assert.ok(picked.length <= points);
      assert.deepEqual(
        picked,
        [...new Set(picked)].sort((a, b) => a - b),
      );
      const length = rows.times.length;
      assert.equal(picked[0], 0);
      assert.equal(picked.at(-1), length - 1);
      for (const column of given) {
        const known = column.filter((one) => !Number.isNaN(one));
        if (known.length === 0) continue;
        const kept = picked.map((row) => column[row] ?? Number.NaN).filter((one) => !Number.isNaN(one));
        assert.equal(Math.max(...kept), Math.max(...known));
        assert.equal(Math.min(...kept), Math.min(...known));
      }
    }),
    { numRuns: 300 },
  );
});

test('very few points and very many signals stay within the limit', () => {
  const columns = Array.from({ length: 100 }, (_, signal) =>
    Array.from({ length: 200 }, (_, row) => (row * 7 + signal) % 31),
  );
  for (const points of [0, 1, 2, 3, 5, 50, 199]) {
    const picked = pickPoints(rowsOf(columns), points);
    assert.ok(picked.length <= points, `${picked.length} of ${points}`);
    if (points > 0) assert.ok(picked.length > 0);
  }
});
