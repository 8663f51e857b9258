import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageFailure } from '../failure.ts';
import { injectionKinds, serviceSeries } from '../shop/index.ts';
import { dueBefore, type GenerateOptions, planGenerate } from './generate-plan.ts';
import { knownReadings, resumePlan } from './resume-step.ts';
import { dealLanes } from './shop-lane.ts';

const nowMs = 1_800_000_000_500;
const nowStep = 1_800_000_000;
const options: GenerateOptions = {
  series: 2,
  seed: 1,
  interval: 1000,
  day: 240_000,
  anomalyRate: 60_000,
  kinds: [...injectionKinds],
  quietFirst: 10_000,
};

test('a live run begins now and a step is due when its time has come', () => {
  const plan = planGenerate(options, nowMs);
  assert.equal(plan.fromStep, nowStep);
  assert.equal(plan.toStep, Number.POSITIVE_INFINITY);
  assert.equal(dueBefore(plan, nowMs), nowStep + 1);
  assert.equal(dueBefore(plan, nowMs + 500), nowStep + 2);
  assert.equal(plan.shop.quietUntilStep, nowStep + 10);
});

test('the past is due at once, and a counted run as fast as possible ends now', () => {
  const backfill = planGenerate({ ...options, backfill: 60_000 }, nowMs);
  assert.equal(backfill.fromStep, nowStep - 60);
  assert.equal(dueBefore(backfill, nowMs), nowStep + 1);
  const fast = planGenerate({ ...options, count: 100, asFastAsPossible: true }, nowMs);
  assert.deepEqual([fast.fromStep, fast.toStep], [nowStep - 99, nowStep + 1]);
});

test('a run that would leave the present is refused', () => {
  const future = { ...options, start: nowMs, count: 1000, asFastAsPossible: true };
  assert.throws(() => planGenerate(future, nowMs), UsageFailure);
});

test('a run goes on after the newest reading of the series that is furthest behind', () => {
  const plan = planGenerate({ ...options, backfill: 60_000 }, nowMs);
  const series = [serviceSeries(0), serviceSeries(1)];
  const resumed = (newest: [string, number][]) =>
    resumePlan(plan, series, new Map(newest.map(([key, newestMs]) => [key, { firstMs: 0, newestMs }])))
      .fromStep;
  assert.equal(
    resumed([
      ['shop/cart', nowMs - 5500],
      ['shop/checkout', nowMs - 9500],
    ]),
    nowStep - 8,
  );
  // A new series, or a long absence: the backfill.
  assert.equal(resumed([['shop/cart', nowMs - 5500]]), nowStep - 60);
  assert.equal(
    resumed([
      ['shop/cart', nowMs - 500_000],
      ['shop/checkout', nowMs - 500_000],
    ]),
    nowStep - 60,
  );
  assert.deepEqual(resumePlan(plan, series, new Map()), plan);
});

test('a change of what is normal stays where it is when a run goes on', () => {
  const plan = planGenerate({ ...options, backfill: 60_000, changeAfter: 90_000 }, nowMs);
  assert.deepEqual(plan.shop.change, { fromStep: nowStep + 30 });
  assert.equal(planGenerate(options, nowMs).shop.change, null);
  const laterMs = nowMs + 3_600_000;
  const later = planGenerate({ ...options, backfill: 60_000, changeAfter: 90_000 }, laterMs);
  const known = { firstMs: (nowStep - 60) * 1000, newestMs: laterMs - 5500 };
  const series = [serviceSeries(0), serviceSeries(1)];
  const resumed = resumePlan(later, series, new Map(series.map((key) => [key, known])));
  assert.deepEqual(resumed.shop.change, plan.shop.change);
});

test('the known readings are gathered over all pages', async () => {
  const item = (series: string, lastReading: string | null) => ({
    series,
    firstReading: lastReading === null ? null : '2025-12-31T00:00:00.000Z',
    lastReading,
  });
  const pages = [
    { items: [item('shop/cart', '2026-01-01T00:00:00.000Z'), item('shop/other', null)], next: 'more' },
    { items: [item('shop/checkout', null)], next: null },
  ];
  const client = { series: async () => pages.shift() as never };
  const known = await knownReadings(client, ['shop/cart', 'shop/checkout']);
  assert.deepEqual(
    [...known],
    [
      [
        'shop/cart',
        { firstMs: Date.parse('2025-12-31T00:00:00.000Z'), newestMs: Date.parse('2026-01-01T00:00:00.000Z') },
      ],
    ],
  );
});

test('every series is in exactly one lane, and small shops have few lanes', () => {
  assert.equal(dealLanes(24, 4).length, 1);
  const lanes = dealLanes(210, 4);
  assert.equal(lanes.length, 4);
  assert.deepEqual(
    lanes.flat().sort((a, b) => a - b),
    Array.from({ length: 210 }, (_, index) => index),
  );
});
