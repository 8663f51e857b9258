import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingFlags } from '@verdict/contracts';
import { historyOf, shopRows } from '../testing/shop-history.fixture.ts';
import { loadHistory } from './load-history.ts';

const endMs = Date.UTC(2026, 0, 5);
const load = (
  series: Parameters<typeof historyOf>[0][string],
  more: { fromMs?: number; mostValues?: number } = {},
) =>
  loadHistory({
    history: historyOf({ 'default/shop': series }),
    pool: 'default/shop',
    fromMs: 0,
    toMs: endMs,
    ...more,
  });

test('history comes as one block per series, with what was really found', async () => {
  const loaded = await load({ 'shop/a': shopRows(1, 100, endMs), 'shop/b': shopRows(2, 50, endMs - 5000) });
  assert.deepEqual(
    loaded.blocks.map(({ series, times }) => [series, times.length]),
    [
      ['shop/a', 100],
      ['shop/b', 50],
    ],
  );
  const { series, readings, leftOut, fromMs, toMs } = loaded;
  assert.deepEqual({ series, readings, leftOut }, { series: 2, readings: 150, leftOut: 0 });
  assert.deepEqual([fromMs, toMs], [endMs - 99 * 5000, endMs]);
});

test('readings that alarmed are marked; warming up and provisional scores are no reason', async () => {
  const rows = shopRows(1, 4, endMs);
  rows.flags.set([readingFlags.alarm, readingFlags.warming, readingFlags.provisional, 7]);
  const { blocks } = await load({ 'shop/a': rows });
  assert.deepEqual([...(blocks[0]?.alarms ?? [])], [1, 0, 0, 1]);
});

test('a pool without history gives nothing', async () => {
  const none = await load({}, { fromMs: 5 });
  assert.deepEqual(none, { blocks: [], series: 0, readings: 0, leftOut: 0, fromMs: 5, toMs: endMs });
  const old = await load({ 'shop/a': shopRows(1, 10, endMs - 1_000_000) }, { fromMs: endMs - 1000 });
  assert.equal(old.series, 0);
});

test('of too much history every series keeps the same newest share', async () => {
  const sizes = [800, 400, 100, 40, 600];
  const series = Object.fromEntries(
    sizes.map((size, index) => [`shop/${index}`, shopRows(index, size, endMs)]),
  );
  const loaded = await load(series, { mostValues: 1000 });
  assert.deepEqual(
    loaded.blocks.map(({ times }) => times.length),
    sizes.map((size) => Math.ceil(size / 4)),
  );
  assert.equal(loaded.leftOut, sizes.reduce((sum, size) => sum + size, 0) - loaded.readings);
  for (const { times, values, alarms, signals } of loaded.blocks) {
    assert.equal(times.at(-1), endMs);
    assert.equal(values.length, times.length * signals.length);
    assert.equal(alarms.length, times.length);
  }
});
