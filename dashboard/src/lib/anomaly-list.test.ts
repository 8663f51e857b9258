import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnomaliesPage, Anomaly } from '@verdict/contracts';
import { flattenPages, holdBack, mergeIntoPages, mergeVerdicts } from './anomaly-list.ts';
import { matchesListing, matchesView } from './inbox-filters.ts';
import { inboxRows } from './inbox-rows.ts';

const noonMs = Date.parse('2026-11-22T12:00:00.000Z');

function anomaly(id: string, minutesAgo: number, changes: Partial<Anomaly> = {}): Anomaly {
  const start = new Date(noonMs - minutesAgo * 60_000).toISOString();
  return {
    id,
    namespace: 'default',
    pool: 'default',
    model: 'default',
    modelVersion: 0,
    series: `shop/${id}`,
    start,
    end: start,
    state: 'closed',
    peak: { time: start, score: 0.8 },
    signals: [{ signal: 'cpu', share: 1, value: 1, expected: 0, band: 0.1 }],
    patterns: [],
    revision: 1,
    verdicts: [],
    ...changes,
  };
}

const page = (items: Anomaly[], next: string | null = null): AnomaliesPage => ({ items, next, cursor: '7' });
const ids = (pages: readonly AnomaliesPage[]) => flattenPages(pages).map((item) => item.id);
const told = { filters: {}, trusted: false };

test('a newer revision replaces, an older or equal one that was only told is dropped', () => {
  const pages = [page([anomaly('a', 1, { revision: 3 })])];
  assert.equal(mergeIntoPages(pages, [anomaly('a', 1, { revision: 2 })], told), pages);
  assert.equal(mergeIntoPages(pages, [anomaly('a', 1, { revision: 3 })], told), pages);
  const merged = mergeIntoPages(pages, [anomaly('a', 1, { revision: 4, state: 'open' })], told);
  assert.equal(merged[0]?.items[0]?.state, 'open');
});

test('an equal revision that was read brings its verdicts', () => {
  const judged = anomaly('a', 1, {
    verdicts: [
      { person: 'ada', verdict: 'true', reason: null, comment: null, at: '2026-11-22T12:00:00.000Z' },
    ],
  });
  const merged = mergeIntoPages([page([anomaly('a', 1)])], [judged], { filters: {}, trusted: true });
  assert.equal(merged[0]?.items[0]?.verdicts.length, 1);
});

test('what is new goes to its place by start, also when it arrives late', () => {
  const merged = mergeIntoPages(
    [page([anomaly('a', 1), anomaly('c', 9)])],
    [anomaly('b', 5), anomaly('n', 0)],
    told,
  );
  assert.deepEqual(ids(merged), ['n', 'a', 'b', 'c']);
});

test('what is older than everything fetched is left to the page that brings it', () => {
  const pages = [page([anomaly('a', 1)], 'more')];
  assert.equal(mergeIntoPages(pages, [anomaly('old', 60)], told), pages);
  assert.deepEqual(ids(mergeIntoPages([page([anomaly('a', 1)], null)], [anomaly('old', 60)], told)), [
    'a',
    'old',
  ]);
});

test('an item that stops matching the filter stays listed, a new one that does not match is not added', () => {
  const options = { filters: { state: 'open' as const }, trusted: false };
  const pages = [page([anomaly('a', 1, { state: 'open' })])];
  const merged = mergeIntoPages(pages, [anomaly('a', 1, { revision: 2 }), anomaly('b', 0)], options);
  assert.deepEqual(ids(merged), ['a']);
  assert.equal(merged[0]?.items[0]?.state, 'closed');
});

test('verdicts reach a listed anomaly and leave other listings as they are', () => {
  const pages = [page([anomaly('a', 1)]), page([anomaly('b', 5)])];
  const verdicts = [
    {
      person: 'ada',
      verdict: 'false' as const,
      reason: 'deployment',
      comment: null,
      at: '2026-11-22T12:00:00.000Z',
    },
  ];
  const merged = mergeVerdicts(pages, { anomalyId: 'b', verdicts });
  assert.equal(merged[0], pages[0]);
  assert.deepEqual(merged[1]?.items[0]?.verdicts, verdicts);
  assert.equal(mergeVerdicts(pages, { anomalyId: 'zz', verdicts }), pages);
});

test('news is held back above what is known, while further pages flow in below', () => {
  const items = [
    anomaly('new', 0),
    anomaly('a', 1),
    anomaly('late', 2),
    anomaly('b', 3),
    anomaly('paged', 9),
  ];
  const { shown, held } = holdBack(items, new Set(['a', 'b']));
  assert.deepEqual(
    shown.map((item) => item.id),
    ['a', 'b', 'paged'],
  );
  assert.deepEqual(
    held.map((item) => item.id),
    ['new', 'late'],
  );
});

test('filters by verdict, severity and words', () => {
  assert.equal(matchesListing(anomaly('a', 1), { verdict: 'none' }), true);
  assert.equal(matchesListing(anomaly('a', 1), { verdict: 'any' }), false);
  assert.equal(matchesView(anomaly('a', 1), { severity: 'critical' }), false);
  assert.equal(matchesView(anomaly('a', 1), { q: 'SHOP cpu' }), true);
  assert.equal(matchesView(anomaly('a', 1), { q: 'shop disk' }), false);
});

test('rows stand under their day, and several series within a minute under one heading', () => {
  const items = [
    anomaly('a', 1),
    anomaly('b', 1.2),
    anomaly('c', 1.5),
    anomaly('d', 30),
    anomaly('e', 24 * 60),
  ];
  const rows = inboxRows(items, noonMs, 'UTC');
  assert.deepEqual(
    rows.map((row) => row.kind),
    ['day', 'together', 'anomaly', 'anomaly', 'anomaly', 'anomaly', 'day', 'anomaly'],
  );
  assert.equal(rows[0]?.kind === 'day' && rows[0].title, 'Today');
});

test('a chain of single events is no group: all of a group start within one minute', () => {
  const items = [0, 0.9, 1.8, 2.7].map((ago, index) => anomaly(`x${index}`, ago));
  assert.ok(inboxRows(items, noonMs, 'UTC').every((row) => row.kind !== 'together'));
});

test('one series flapping within a minute is no group', () => {
  const items = [0, 0.1, 0.2].map((ago, index) => anomaly(`x${index}`, ago, { series: 'shop/one' }));
  assert.ok(inboxRows(items, noonMs, 'UTC').every((row) => row.kind !== 'together'));
});
