import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureRows } from './figure-rows.ts';

test('figures from answers come first, then those of quiet history, then unknown ones by their names', () => {
  const rows = figureRows({
    candidate: { version: 2, novelty: 7, probes: 100, judgedFalseAlarms: 5, judgedFalseAlarmsRepeated: 1 },
    baseline: { version: 1, probes: 100, judgedFalseAlarms: 5, judgedFalseAlarmsRepeated: 4 },
  });
  assert.deepEqual(
    rows.map(({ name, candidate, baseline }) => [name, candidate, baseline]),
    [
      ['judgedFalseAlarms', 5, 5],
      ['judgedFalseAlarmsRepeated', 1, 4],
      ['probes', 100, 100],
      ['novelty', 7, undefined],
    ],
  );
});

test('kinds of events that there were none of are left out', () => {
  const none = { judgedConfirmed: 0, judgedConfirmedFound: 0, probesQuieted: 0 };
  assert.deepEqual(figureRows({ candidate: none, baseline: none }), []);
});
