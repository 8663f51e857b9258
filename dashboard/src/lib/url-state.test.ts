import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundsOf, rangeAround, rangeOf, shifted, zoomed } from './time-range.ts';
import {
  formatQuery,
  parseQuery,
  readCoverageSearch,
  readInboxSearch,
  readSeriesSearch,
  safeReturnPath,
} from './url-state.ts';

test('what is written into the URL is read back, whatever the text', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (values) => {
      assert.deepEqual({ ...parseQuery(formatQuery(values)) }, { ...values });
    }),
  );
});

test('a link stays readable', () => {
  assert.equal(
    formatQuery({ series: 'shop/cart', q: undefined, from: '2026-11-22T12:00:00.000Z' }),
    '?series=shop/cart&from=2026-11-22T12:00:00.000Z',
  );
  assert.equal(formatQuery({}), '');
});

test('malformed state is left out', () => {
  const read = readInboxSearch({
    view: 'somewhere',
    state: 'ajar',
    severity: 'huge',
    anomaly: '<script>',
    verdict: 'none',
    q: 'cart',
  });
  assert.deepEqual(JSON.parse(JSON.stringify(read)), { verdict: 'none', q: 'cart' });
  assert.equal(readInboxSearch({ view: 'worth' }).view, 'worth');
  assert.equal(readCoverageSearch({ state: 'nope' }).state, undefined);
});

test('two instants in order win over a preset, in the wrong order they are dropped', () => {
  const from = '2026-11-22T12:00:00.000Z';
  const to = '2026-11-22T13:00:00.000Z';
  assert.deepEqual(rangeOf(readSeriesSearch({ from, to, range: '6h' })), {
    kind: 'fixed',
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
  });
  assert.deepEqual(rangeOf(readSeriesSearch({ from: to, to: from, range: '6h' })), {
    kind: 'last',
    preset: '6h',
  });
  assert.deepEqual(rangeOf(readSeriesSearch({})), { kind: 'last', preset: '1h' });
});

test('after signing in one lands in this dashboard, never elsewhere', () => {
  assert.equal(safeReturnPath('/ui/series/shop/cart?range=6h'), '/ui/series/shop/cart?range=6h');
  for (const path of [
    '//evil.example',
    'https://evil.example',
    '/ui\\evil',
    '/ui/sign-in?next=/ui/inbox',
    7,
    undefined,
  ]) {
    assert.equal(safeReturnPath(path), '/ui/inbox');
  }
});

test('zooming and moving never go past now nor under ten seconds', () => {
  const now = 1_000_000_000;
  const bounds = boundsOf({ kind: 'last', preset: '1h' }, now);
  assert.deepEqual(zoomed(bounds, 2, now), { fromMs: now - 7_200_000, toMs: now });
  assert.equal(
    zoomed({ fromMs: 0, toMs: 10_000 }, 0.1, now).toMs - zoomed({ fromMs: 0, toMs: 10_000 }, 0.1, now).fromMs,
    10_000,
  );
  assert.deepEqual(shifted(bounds, 0.5, now), bounds);
  assert.equal(shifted(bounds, -0.5, now).toMs, now - 1_800_000);
});

test('around a closed anomaly there is normal before and after, an open one is followed to now', () => {
  const now = 100_000_000;
  const closed = rangeAround({ startMs: 50_000_000, endMs: 50_360_000, open: false }, now);
  assert.ok(
    closed.fromMs <= 50_000_000 - 900_000 && closed.toMs >= 50_360_000 + 180_000 && closed.toMs < now,
  );
  assert.equal(rangeAround({ startMs: 50_000_000, endMs: 50_360_000, open: true }, now).toMs, now);
});
