import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ComparedSeries } from '@verdict/contracts';
import { comparisonBounds, comparisonRows, comparisonText } from './comparison-rows.ts';

const compared: ComparedSeries = {
  series: 'shop/cart',
  signal: 'cpu',
  times: [1000, 2000, 3000, 60_000],
  value: [1, null, 3, 4],
  champion: [0.1, 0.2, 0.3, 0.4],
  candidate: [0.5, 0.6, 0.7, 0.8],
  judged: [
    { fromMs: 500, toMs: 2000, kind: 'confirmed', championAlarms: true, candidateAlarms: true },
    { fromMs: 3000, toMs: 3500, kind: 'missed', championAlarms: false, candidateAlarms: true },
    { fromMs: 3600, toMs: 3700, kind: 'false-alarm', championAlarms: true, candidateAlarms: false },
  ],
};

test('a long pause is drawn as a gap', () => {
  const rows = comparisonRows(compared);
  assert.deepEqual(
    rows.map(({ timeMs }) => timeMs),
    [1000, 2000, 3000, 31_500, 60_000],
  );
  assert.deepEqual(rows[1], { timeMs: 2000, value: null, champion: 0.2, candidate: 0.6 });
  assert.equal(rows[3]?.champion, null);
});

test('the axis holds every judged stretch', () => {
  assert.deepEqual(comparisonBounds(compared), { fromMs: 500, toMs: 60_000 });
  assert.deepEqual(comparisonBounds({ ...compared, times: [], judged: [] }), { fromMs: 0, toMs: 1 });
});

test('what both versions made of the judged stretches is said in a sentence', () => {
  assert.equal(
    comparisonText(compared),
    'of 2 real events the champion finds 1, the candidate 2; of 1 false alarms the champion raises 1, the candidate 0',
  );
  assert.equal(comparisonText({ judged: [] }), 'nothing was judged here');
});
