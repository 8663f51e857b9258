import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundWithin, stretchLength, stretchProblem, suggestedStretch } from './missed-text.ts';

const iso = (ms: number) => new Date(ms).toISOString();

test('a stretch is refused in words when it is upside down, in the future or too long', () => {
  assert.match(stretchProblem({ fromMs: 5, toMs: 4 }, 10) ?? '', /before the start/);
  assert.match(stretchProblem({ fromMs: 11, toMs: 70_000 }, 10) ?? '', /future/);
  assert.match(stretchProblem({ fromMs: 0, toMs: 90_000_000 }, 90_000_000) ?? '', /longer than a day/);
  assert.equal(stretchProblem({ fromMs: 4, toMs: 4 }, 10), null);
});

test('anomalies that touch the stretch are named as found already, others are not', () => {
  const anomalies = [
    { start: iso(1000), end: iso(2000) },
    { start: iso(5000), end: iso(5000) },
    { start: iso(9000), end: iso(9500) },
  ];
  assert.deepEqual(foundWithin(anomalies, { fromMs: 2000, toMs: 6000 }), anomalies.slice(0, 2));
  assert.deepEqual(foundWithin(anomalies, { fromMs: 2001, toMs: 4999 }), []);
});

test('without a mark the newest tenth of what is shown is offered, in whole seconds', () => {
  assert.deepEqual(suggestedStretch({ fromMs: 0, toMs: 100_500 }), { fromMs: 90_000, toMs: 100_000 });
});

test('the length of a report is said in words', () => {
  assert.equal(stretchLength({ from: iso(0), to: iso(90_000) }), '90 s');
  assert.equal(stretchLength({ from: iso(0), to: iso(0) }), 'one moment');
});
