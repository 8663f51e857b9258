import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, type ScoredBlock } from '@verdict/detection';
import fc from 'fast-check';
import { SeriesLedger } from './series-ledger.ts';

function block(series: string, timeMs: number): ScoredBlock {
  const one = Float32Array.of(0.1);
  return {
    ...{ series, signals: ['cpu'], times: Float64Array.of(timeMs) },
    ...{ values: one, expected: one, band: one, score: one, flags: Uint8Array.of(0) },
  };
}

const names = (statuses: Iterable<{ readonly series: string }>) =>
  Array.from(statuses, ({ series }) => series);

type Step = { readonly kind: 'read' | 'forget' | 'snapshot' | 'restore'; readonly series: string };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...(['read', 'read', 'read', 'forget', 'snapshot', 'restore'] as const)),
    series: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  }),
  { maxLength: 40 },
);

test('series stand in the order in which they were last read, those read since a snapshot as well', () => {
  fc.assert(
    fc.property(steps, (walk) => {
      let ledger = new SeriesLedger('default/shop');
      let all: string[] = [];
      let since: string[] = [];
      let gone = new Set<string>();
      walk.forEach(({ kind, series }, at) => {
        if (kind === 'read') {
          ledger.absorb({ scored: [block(series, at)], anomalies: [] });
          all = [...all.filter((one) => one !== series), series];
          since = [...since.filter((one) => one !== series), series];
        } else if (kind === 'forget') {
          ledger.forget(series);
          if (all.includes(series)) gone.add(series);
          all = all.filter((one) => one !== series);
          since = since.filter((one) => one !== series);
        } else {
          if (kind === 'snapshot') ledger.keep();
          else ledger = atOnce(SeriesLedger.from('default/shop', ledger.entries()));
          since = [];
          gone = new Set();
        }
        assert.deepEqual(names(ledger.entries()), all);
        const fresh = ledger.sinceSnapshot();
        assert.deepEqual(names(fresh.read), since);
        assert.deepEqual(new Set(fresh.gone), gone);
      });
    }),
  );
});

const touch = (ledger: SeriesLedger, keys: readonly string[], timeMs: number) =>
  ledger.absorb({ scored: keys.map((key) => block(key, timeMs)), anomalies: [] });

test('what people wait for is written at once, the rest bit by bit in the order in which it changed', () => {
  const ledger = new SeriesLedger('default/shop');
  touch(ledger, ['a', 'b', 'c'], 1);
  assert.deepEqual(names(ledger.take(0)), ['a', 'b', 'c'], 'new series');
  touch(ledger, ['a', 'b', 'c'], 2);
  assert.deepEqual(names(ledger.take(0)), [], 'nobody waits for them');
  assert.deepEqual(names(ledger.take(1)), ['a']);
  touch(ledger, ['a', 'd'], 3);
  assert.deepEqual(names(ledger.take(1)), ['d', 'b'], 'a new one is written besides');
  const rest: string[] = [];
  while (ledger.isUnwritten) rest.push(...names(ledger.take(1)));
  assert.deepEqual(rest, ['c', 'a']);
});

test('a restored ledger is written again, since nobody knows what of it was', () => {
  const ledger = new SeriesLedger('default/shop');
  touch(ledger, ['a', 'b'], 1);
  ledger.take(2);
  const restored = atOnce(SeriesLedger.from('default/shop', ledger.entries()));
  assert.ok(restored.isUnwritten);
  assert.deepEqual(names(restored.take(5)), ['a', 'b']);
});

test('what was written as urgent, or is gone, waits no longer', () => {
  const ledger = new SeriesLedger('default/shop');
  touch(ledger, ['a', 'b'], 1);
  ledger.take(0);
  assert.ok(!ledger.isUnwritten, 'both were new');
  touch(ledger, ['a', 'b'], 2);
  ledger.forget('a');
  assert.deepEqual(names(ledger.take(1)), ['b'], 'a takes no place of others');
  assert.ok(!ledger.isUnwritten);
});
