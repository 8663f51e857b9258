import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inProbation, nabPlaces } from './nab-places.ts';
import { bestNabScore, nabProfiles, nabScore } from './nab-score.ts';
import type { RowSpan } from './row-span.ts';

const windows: RowSpan[] = [
  [30, 39],
  [70, 79],
];
const places = nabPlaces(100, windows);
const [standard, lowFalse, lowMissed] = nabProfiles;
assert.ok(standard && lowFalse && lowMissed);

function at(...rows: number[]) {
  const score = new Float64Array(100);
  for (const row of rows) score[row] = 1;
  return [{ places, score }];
}

test('silence is 0 and both windows at their first rows are 100, in every profile', () => {
  for (const profile of nabProfiles) {
    assert.equal(nabScore(at(), 1, profile), 0);
    assert.ok(Math.abs(nabScore(at(30, 70), 1, profile) - 100) < 1e-9);
  }
});

test('a late find is worth less, and further rows of the same window change nothing', () => {
  const early = nabScore(at(30), 1, standard);
  assert.ok(Math.abs(early - 50) < 1e-9);
  assert.equal(nabScore(at(30, 31, 35, 39), 1, standard), early);
  assert.ok(nabScore(at(39), 1, standard) < nabScore(at(34), 1, standard));
  // A missed window keeps its cost: with the double one, half the windows are still half of the way.
  assert.ok(Math.abs(nabScore(at(30), 1, lowMissed) - 50) < 1e-9);
});

test('a false alarm costs its whole weight far from a window and less just behind one; the probation costs nothing', () => {
  const cost = (row: number, profile = standard) => -nabScore(at(row), 1, profile);
  // Two windows span 2 · (1 + 1) raw points in the standard profile.
  assert.ok(Math.abs(cost(20) - (100 * 0.11) / 4) < 1e-9);
  assert.ok(Math.abs(cost(20, lowFalse) - (100 * 0.22) / 4) < 1e-9);
  assert.ok(cost(40) < cost(45) && cost(45) < cost(20));
  assert.equal(cost(14), -0);
  assert.equal(inProbation(places, 14), true);
  assert.equal(inProbation(places, 15), false);
});

test('the probation is 15 % of a file, and 750 rows at most', () => {
  const long = nabPlaces(10_000, []);
  assert.deepEqual([inProbation(long, 749), inProbation(long, 750)], [true, false]);
});

test('the best threshold is the one that leaves out what costs more than it finds', () => {
  const [file] = at(30, 70);
  assert.ok(file);
  file.score.forEach((_, row) => {
    if (row >= 80) file.score[row] = 0.4;
  });
  file.score[70] = 0.7;
  const best = bestNabScore([file], standard);
  assert.equal(best.threshold, 0.7);
  assert.ok(Math.abs(best.score - 100) < 1e-9);
  assert.equal(nabScore([file], best.threshold, standard), best.score);
});

test('where every alarm is a loss, the best threshold is above every score', () => {
  assert.deepEqual(bestNabScore(at(50, 60), standard), { threshold: Number.POSITIVE_INFINITY, score: 0 });
});
