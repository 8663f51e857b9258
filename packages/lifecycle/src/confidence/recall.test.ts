import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CurrentAnswer, judgementOf } from './judged-share.ts';
import { missedEvents } from './missed-events.ts';
import { detectionQuality } from './recall.ts';

const verdicts = (word: string): CurrentAnswer[] =>
  [...word].map((letter, index) => ({
    person: `person ${index}`,
    verdict: letter === 't' ? 'true' : 'false',
  }));
const anomalies = (...words: string[]) => words.map((word) => ({ verdicts: verdicts(word) }));
const stretch = (series: string, fromMs: number, toMs: number) => ({ series, fromMs, toMs });

test('without answers nothing is claimed', () => {
  const { precision, recall, labelCoverage } = detectionQuality([], 0);
  assert.deepEqual([precision, recall, labelCoverage], [null, null, null]);
  assert.equal(detectionQuality(anomalies('', ''), 0).labelCoverage, 0);
  assert.equal(detectionQuality(anomalies('f'), 0).recall, null);
});

test('missed events lower recall and leave precision alone', () => {
  const found = anomalies('t', 't', 't', 'f', '', '');
  const all = detectionQuality(found, 0);
  const some = detectionQuality(found, 3);
  assert.deepEqual(some.precision, all.precision);
  assert.ok((some.recall?.high ?? 1) < (all.recall?.high ?? 0));
  assert.equal(some.recall?.mean, 0.5);
  assert.equal(some.labelCoverage, 4 / 6);
});

test('contradicting answers count as their share', () => {
  const { tp, fp, judged } = detectionQuality(anomalies('tf', 'tfff'), 0);
  assert.deepEqual([tp, fp, judged], [0.75, 1.25, 2]);
  assert.deepEqual(
    ['', 'tf', 'ttf', 'tff'].map((word) => judgementOf(verdicts(word))),
    ['unjudged', 'undecided', 'confirmed', 'false-alarm'],
  );
});

test('overlapping reports are one event; a found one is not missed', () => {
  const reports = [stretch('a', 5, 9), stretch('a', 1, 5), stretch('b', 1, 2), stretch('a', 20, 30)];
  assert.deepEqual(missedEvents(reports, []), [stretch('a', 1, 9), stretch('a', 20, 30), stretch('b', 1, 2)]);
  assert.deepEqual(missedEvents(reports, [stretch('a', 9, 12), stretch('b', 3, 4)]), [
    stretch('a', 20, 30),
    stretch('b', 1, 2),
  ]);
});

test('missed events never overlap each other, and reporting twice changes nothing', () => {
  const reports = fc.array(
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.nat({ max: 100 }), fc.nat({ max: 20 }))
      .map(([series, fromMs, length]) => stretch(series, fromMs, fromMs + length)),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(reports, reports, (said, found) => {
      const missed = missedEvents(said, found);
      assert.deepEqual(missedEvents([...said, ...said.toReversed()], found), missed);
      for (const [index, event] of missed.entries()) {
        const next = missed[index + 1];
        assert.ok(next === undefined || next.series !== event.series || next.fromMs > event.toMs);
      }
    }),
  );
});
