import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '@verdict/detection';
import { type Chain, joinChain } from './snapshot-chain.ts';
import type { Snapshot } from './snapshot-codec.ts';
import { UnusableSnapshot } from './unusable-snapshot.ts';

const join = (chain: Chain<Snapshot>) => atOnce(joinChain(chain));
const rows = (...times: number[]) => ({
  signals: ['cpu'],
  times: Float64Array.from(times),
  ...{ values: Float32Array.from(times), expected: Float32Array.from(times) },
  ...{ band: Float32Array.from(times), score: Float32Array.from(times), flags: Uint8Array.from(times) },
});
const named = (series: string, readings: number) => ({
  ...{ series, signals: ['cpu'], state: 'scored' as const, readings },
  ...{ firstMs: 0, lastMs: 0, score: null, openAnomaly: null },
});
const model = { version: 3, builtIn: { signals: 'each' as const, window: 8, recurring: 'habit' as const } };
const whole: Snapshot = {
  ...{ sequence: 9, after: null, model, gone: [], shadow: null, engine: Uint8Array.of(1) },
  series: [
    { status: named('a', 1), tail: { kept: 0, rows: rows(1, 2) } },
    { status: named('b', 1), tail: { kept: 0, rows: rows(1, 2) } },
    { status: named('c', 1), tail: { kept: 0, rows: rows(1) } },
  ],
};
const change = (sequence: number, series: Snapshot['series'], gone: readonly string[] = []) => ({
  ...{ sequence, after: 'x', model, gone, series, engine: Uint8Array.of(sequence), shadow: null },
});

test('changes lead a whole snapshot on: tails grow or begin anew, series go, and the last read stands last', () => {
  const state = join([
    whole,
    change(12, [{ status: named('a', 3), tail: { kept: 2, rows: rows(3, 4) } }], ['b']),
    change(12, []),
    change(15, [
      { status: named('c', 7), tail: null },
      { status: named('b', 1), tail: { kept: 0, rows: rows(8) } },
      { status: named('a', 4), tail: { kept: 4, rows: rows(5) } },
    ]),
  ]);
  assert.equal(state.sequence, 15);
  assert.deepEqual(
    state.series.map(({ series, readings }) => `${series} ${readings}`),
    ['c 7', 'b 1', 'a 4'],
  );
  assert.deepEqual([...state.tails.keys()].sort(), ['a', 'b']);
  assert.deepEqual(
    state.tails.get('a')?.flatMap(({ times }) => [...times]),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    state.engine.map(([first]) => first),
    [1, 12, 12, 15],
  );
});

test('what does not follow is refused', () => {
  const alien = change(12, [{ status: named('a', 3), tail: { kept: 1, rows: rows(3) } }]);
  const other = { ...change(12, []), shadow: { version: 1, engine: Uint8Array.of() } };
  for (const one of [alien, change(8, []), other, whole])
    assert.throws(() => join([whole, one]), UnusableSnapshot);
  assert.throws(() => join([change(12, [])]), UnusableSnapshot);
});
