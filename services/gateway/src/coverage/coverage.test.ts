import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, CoverageQuery, DetectorPoolSpec } from '@verdict/contracts';
import type { SeriesRow } from '@verdict/storage';
import { directoryOf } from '../models/model-directory.ts';
import { coveragePage } from './coverage-page.ts';
import { joinFacts } from './series-facts.ts';
import { seriesView } from './series-view.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const model = (name: string, series: string[]) => ({
  namespace: 'default',
  name,
  spec: AnomalyModelSpec.parse({ series }),
});
const pool = (name: string) => ({
  namespace: 'default',
  name: `${name}-pool`,
  spec: DetectorPoolSpec.parse({ model: name, consumerGroup: name }),
});
const directory = directoryOf(
  [model('shop', ['shop/**']), model('host', ['host/*'])],
  [pool('shop'), pool('host')],
);
function row(series: string, change: Partial<SeriesRow> = {}): SeriesRow {
  return {
    pool: 'default/shop-pool',
    partition: '3',
    series,
    signals: ['latency'],
    state: 'scored',
    readings: 101,
    firstMs: nowMs - 1_000_000,
    lastMs: nowMs,
    score: 0.25,
    openAnomaly: null,
    ...change,
  };
}
const view = (
  series: string,
  known: SeriesRow | null,
  note: Parameters<typeof seriesView>[0]['note'] = null,
) => seriesView({ series, row: known, note }, directory, nowMs);

test('every state comes with a reason', () => {
  assert.deepEqual(pick(view('shop/cart', row('shop/cart'))), ['scored', 'Model shop scores it.']);
  const warming = view('shop/cart', row('shop/cart', { state: 'warming', readings: 7 }));
  assert.deepEqual(pick(warming), ['warming', '7 readings so far; model shop needs more to score.']);
  const note = { series: 'bank/a', state: 'unassigned', reason: 'x', atMs: nowMs } as const;
  assert.deepEqual(pick(view('bank/a', null, note)), ['unassigned', 'No model is for this series.']);
  const refused = { series: 'shop/cart', state: 'refused', reason: 'time is wrong', atMs: nowMs } as const;
  assert.deepEqual(pick(view('shop/cart', null, refused)), ['refused', 'Time is wrong.']);
});

test('stale means five usual steps without a reading, but never less than a minute', () => {
  const lastMs = nowMs - 49_000;
  const slow = { firstMs: lastMs - 1_000_000, lastMs };
  assert.equal(view('shop/a', row('shop/a', slow)).state, 'scored');
  const at51 = { firstMs: nowMs - 1_051_000, lastMs: nowMs - 51_000 };
  assert.equal(view('shop/a', row('shop/a', at51)).state, 'scored');
  const at61 = { firstMs: nowMs - 1_061_000, lastMs: nowMs - 61_000 };
  assert.deepEqual(pick(view('shop/a', row('shop/a', at61))), [
    'stale',
    'No reading for 61 s; usually one comes every 10 s.',
  ]);
  const hourly = { firstMs: nowMs - 104 * 3_600_000, lastMs: nowMs - 4 * 3_600_000 };
  assert.equal(view('shop/a', row('shop/a', hourly)).state, 'scored');
});

test('a refusal is forgotten when good readings came later, and unassigned ends when a model comes', () => {
  const old = { series: 'shop/a', state: 'refused', reason: 'x', atMs: nowMs - 5000 } as const;
  assert.equal(view('shop/a', row('shop/a'), old).state, 'scored');
  const unwanted = { series: 'shop/a', state: 'unassigned', reason: 'x', atMs: nowMs } as const;
  assert.equal(view('shop/a', null, unwanted).state, 'warming');
});

test('a series that moved to another pool is shown once, as its present pool has it', () => {
  const facts = joinFacts(
    [
      row('host/a', { pool: 'default/shop-pool' }),
      row('host/a', { pool: 'default/host-pool', lastMs: nowMs - 9 }),
    ],
    [{ series: 'zoo', state: 'unassigned', reason: 'x', atMs: nowMs }],
    directory,
  );
  assert.deepEqual(
    facts.map((fact) => [fact.series, fact.row?.pool ?? null]),
    [
      ['host/a', 'default/host-pool'],
      ['zoo', null],
    ],
  );
});

test('pages walk through all series while the counts stay those of all', () => {
  const views = ['shop/a', 'shop/b', 'shop/c'].map((key) => view(key, row(key)));
  const first = coveragePage(views, CoverageQuery.parse({ limit: '2' }), {});
  assert.deepEqual([first.items.map((item) => item.series), first.next], [['shop/a', 'shop/b'], 'shop/b']);
  assert.equal(first.counts.scored, 3);
  const second = coveragePage(views, CoverageQuery.parse({ limit: '2', next: 'shop/b' }), { late: 2 });
  assert.deepEqual([second.items.length, second.next, second.deadLetters.late], [1, null, 2]);
  assert.equal(coveragePage(views, CoverageQuery.parse({ search: 'p/c' }), {}).counts.scored, 1);
  assert.equal(coveragePage(views, CoverageQuery.parse({ state: 'stale' }), {}).items.length, 0);
});

function pick({ state, reason }: { state: string; reason: string }): [string, string] {
  return [state, reason];
}
