import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figures } from './figures.ts';
import { violationsOf } from './gates.ts';
import type { ArmResult, SeedResult } from './run-seed.ts';
import { fullSize, shortSize } from './size.ts';

/** An hour has 360 steps. */
function phase(hours: number, falseAlarmsPerHour: number, [found, injected]: [number, number]): Figures {
  const falseAlarms = falseAlarmsPerHour * hours;
  const counted = { anomalies: falseAlarms + found, falseAlarms, aboutJobs: 0, falseAlarmsPerHour };
  return { fromStep: 0, toStep: 360 * hours, ...counted, injected, found, recall: found / injected };
}

function arm(name: ArmResult['name'], flood: Figures, after: Figures): ArmResult {
  const timeline = name === 'control' ? [] : ['step 1: confidence in version 1 is bad'];
  const rest = { lost: 0, judged: 0, answers: 0, triggers: [], swappedAfter: null };
  return { name, normal: flood, flood, after, timeline, ...rest };
}

function result(size: typeof fullSize, after: Figures): SeedResult {
  const flood = phase(1, 100, [96, 100]);
  const arms = [arm('loop', flood, after), arm('control', flood, phase(1, 80, [96, 100]))];
  const learnt = { partitionsPlanned: [1, 8], trigger: 'confidence-v1-1', reasons: [], taughtPatterns: 1 };
  return { seed: 1, size, arms, poisons: [], ...learnt };
}

test('the full proof has no room for chance, the short form two standard errors', () => {
  const cases: [after: Figures, full: number, short: number][] = [
    [phase(1, 25, [92, 100]), 0, 0],
    // The standard error of 25 alarms is 5.
    [phase(1, 26, [96, 100]), 1, 0],
    [phase(1, 36, [96, 100]), 1, 1],
    // More than half of the control's, too.
    [phase(1, 53, [96, 100]), 2, 2],
    // The standard error of 96 less 88 of 100 each is 0.038.
    [phase(1, 10, [88, 100]), 1, 0],
    [phase(1, 10, [79, 100]), 2, 2],
  ];
  for (const [after, full, short] of cases) {
    assert.equal(violationsOf(result(fullSize, after)).length, full, JSON.stringify(after));
    assert.equal(violationsOf(result(shortSize, after)).length, short, JSON.stringify(after));
  }
});
