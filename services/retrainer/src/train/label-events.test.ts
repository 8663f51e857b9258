import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelledAnomaly } from '@verdict/storage';
import fc from 'fast-check';
import { heldBackOf } from './hold-back.ts';
import { knownEvents, labelEvents } from './label-events.ts';

const anomaly = (id: string, answers: string, more: Partial<LabelledAnomaly> = {}): LabelledAnomaly => ({
  id,
  series: 'shop/a',
  version: 1,
  state: 'closed',
  startMs: 1000,
  endMs: 2000,
  peakScore: 0.8,
  patterns: [],
  verdicts: [...answers].map((answer, index) => ({
    person: `person ${index}`,
    verdict: answer === 't' ? 'true' : 'false',
  })),
  ...more,
});

test('the majority says what an anomaly is; a tie and nobody’s answer say nothing', () => {
  const anomalies = [anomaly('a', 'ttf'), anomaly('b', 'ftf'), anomaly('c', 'tf'), anomaly('d', '')];
  const missed = [{ id: 'm', series: 'shop/b', fromMs: 5, toMs: 9 }];
  assert.deepEqual(
    labelEvents({ anomalies: anomalies.toReversed(), missed }).map(({ id, use }) => [id, use]),
    [
      ['a', 'confirmed'],
      ['b', 'taught'],
      ['c', 'undecided'],
      ['d', 'unjudged'],
      ['m', 'missed'],
    ],
  );
});

test('what versions are looked at for: confirmed, false and missed ones, reports of one event once', () => {
  const anomalies = [anomaly('a', 't'), anomaly('b', 'f'), anomaly('c', 'tf'), anomaly('d', '')];
  const report = (id: string, fromMs: number, toMs: number) => ({ id, series: 'shop/a', fromMs, toMs });
  const missed = [report('m1', 5000, 6000), report('m2', 5500, 7000), report('m3', 1500, 1600)];
  const stretch = { series: 'shop/a', fromMs: 1000, toMs: 2000 };
  assert.deepEqual(knownEvents(labelEvents({ anomalies, missed })), [
    { ...stretch, kind: 'confirmed', taught: false },
    { ...stretch, kind: 'false-alarm', taught: true },
    { series: 'shop/a', fromMs: 5000, toMs: 7000, kind: 'missed', taught: false },
  ]);
});

test('about every fifth false alarm is held back, none of less than five, and always the same ones', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `anomaly ${index}`);
  const held = heldBackOf(ids);
  assert.ok(held.size > 70 && held.size < 130, String(held.size));
  assert.equal(heldBackOf(ids.slice(0, 4)).size, 0);
  fc.assert(
    fc.property(fc.subarray(ids, { minLength: 5 }), (some) => {
      const chosen = heldBackOf(some);
      assert.ok(chosen.size >= 1);
      assert.deepEqual(heldBackOf(some.toReversed()), chosen);
      const named = some.filter((id) => held.has(id));
      if (named.length > 0) assert.deepEqual([...chosen].sort(), named.toSorted());
    }),
    { numRuns: 50 },
  );
});
