import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policyOf } from '../detection-settings.ts';
import type { AnomalyChange } from '../engine-result.ts';
import { StateReader, StateWriter } from '../state/state-codec.ts';
import { AnomalyTracker } from './anomaly-tracker.ts';

/** Closes after 8 quiet readings, and rests for 16. */
const policy = policyOf({ recurring: 'alarm' });
const pattern = () => ({ a: 2 });
const shares = () => [{ signal: 'a', share: 1, value: 1, expected: 0, band: 1 }];

/** Feeds one score per second; a negative one stands for a gap before a score of its size. */
function track(scores: readonly number[], by = policy): AnomalyChange[] {
  const tracker = new AnomalyTracker('s');
  return scores.flatMap((score, time) =>
    tracker.track(
      { time, score: Math.abs(score), quieted: null, gap: score < 0, version: 1, shares, pattern },
      by,
    ),
  );
}

test('quieted readings open nothing', () => {
  // As the engine tells them: what was quieted has the score 0.5.
  assert.deepEqual(track([0.5, 0.1, 0.5, 0.5]), []);
});

/** The times at which anomalies are opened behind one quieted reading of 0.9 (odds 9), given the scores after it. */
function openedInWake(scores: readonly number[], goneOn = (tracker: AnomalyTracker) => tracker): number[] {
  let tracker = new AnomalyTracker('s');
  const rest = { gap: false, version: 1, shares, pattern };
  tracker.track({ ...rest, time: -1, score: 0.5, quieted: 0.9 }, policy);
  return scores.flatMap((score, time) => {
    tracker = goneOn(tracker);
    const changes = tracker.track({ ...rest, time, score, quieted: null }, policy);
    return changes.filter(({ kind }) => kind === 'opened').map(({ startTime }) => startTime);
  });
}

function restored(tracker: AnomalyTracker): AnomalyTracker {
  const to = new StateWriter();
  tracker.write(to);
  const other = new AnomalyTracker('s');
  other.read(new StateReader(to.finish()));
  return other;
}

test('what is less odd than a quieted reading belongs to its wake, which fades for as long as an anomaly would rest', () => {
  const wake = policy.closeAfterQuietReadings + policy.restReadings;
  for (const goneOn of [undefined, restored, (tracker: AnomalyTracker) => tracker.copy()])
    for (const score of [0.55, 0.8, 0.87]) {
      // The quieted one's odds are 9; of 0.8 of them, what is left when the reading comes is no more than its own.
      const left = Math.floor(((score / (1 - score)) * wake) / (0.8 * 9));
      const scores = Array.from({ length: wake }, () => score);
      assert.deepEqual(openedInWake(scores, goneOn), [wake - 1 - left]);
    }
  assert.deepEqual(openedInWake([0.89]), [0], 'hardly less odd');
});

test('a tracker in a wake is not idle', () => {
  const tracker = new AnomalyTracker('s');
  const rest = { score: 0.5, gap: false, version: 1, shares, pattern };
  tracker.track({ ...rest, time: 0, quieted: 0.9 }, policy);
  const wake = policy.closeAfterQuietReadings + policy.restReadings;
  for (let time = 1; time <= wake; time += 1) {
    assert.equal(tracker.isIdle, false);
    tracker.track({ ...rest, time, quieted: null }, policy);
  }
  assert.equal(tracker.isIdle, true);
});

test('the kinds of all its readings are kept, and survive a snapshot', () => {
  const tracker = new AnomalyTracker('s');
  const kinds: Record<string, number>[] = [{ a: 1.04 }, { b: 1.05 }, { c: -9 }, { c: -12 }, { b: 1.01 }];
  const changes = kinds.flatMap((kind, time) => {
    const score = time < 2 ? 0.51 : 0.9;
    const reading = { time, score, quieted: null, gap: false, version: 1, shares, pattern: () => kind };
    return tracker.track(reading, policy);
  });
  assert.deepEqual(changes[0]?.patterns, [{ a: 1.04 }]);
  assert.deepEqual(tracker.open?.patterns, [{ a: 1.04 }, { b: 1.05 }, { c: -12 }]);
  assert.deepEqual(restored(tracker).open, tracker.open);
});

const quiet = (count: number) => Array.from({ length: count }, () => 0.1);

test('the first score above 0.5 opens at once, and so many quiet readings close', () => {
  for (const score of [0.8, 0.501])
    assert.deepEqual(
      track([...quiet(3), score, ...quiet(10)]).map(({ kind, startTime, endTime, revision }) => [
        kind,
        startTime,
        endTime,
        revision,
      ]),
      [
        ['opened', 3, 3, 1],
        ['closed', 3, 3, 2],
      ],
    );
});

test('alarms with short pauses are one anomaly', () => {
  const changes = track([0.8, ...quiet(7), 0.8, ...quiet(7), 0.8, ...quiet(8)]);
  assert.equal(changes.filter(({ kind }) => kind === 'opened').length, 1);
  assert.equal(changes.at(-1)?.endTime, 16);
});

test('during the rest only a clearly higher peak opens another one', () => {
  const again = (score: number) => track([0.8, ...quiet(8), score, ...quiet(20)]);
  assert.equal(again(0.82).filter(({ kind }) => kind === 'opened').length, 1);
  assert.equal(again(0.9).filter(({ kind }) => kind === 'opened').length, 2);
  assert.equal(track([0.8, ...quiet(26), 0.8]).filter(({ kind }) => kind === 'opened').length, 2);
});

test('updates come when the peak is clearly higher or the length has doubled, and are bounded', () => {
  const rising = track([0.6, 0.61, 0.9, 0.91]);
  assert.deepEqual(
    rising.map(({ kind, peakScore }) => [kind, peakScore]),
    [
      ['opened', 0.6],
      ['updated', 0.9],
    ],
  );
  const long = track(Array.from({ length: 1000 }, () => 0.7));
  assert.deepEqual(
    long.map(({ endTime }) => endTime),
    [0, 7, 15, 31, 63, 127, 255, 511],
  );
  const few = track(
    Array.from({ length: 1000 }, () => 0.7),
    { ...policy, maxRevisions: 3 },
  );
  assert.equal(few.at(-1)?.revision, 3);
});

test('a gap closes an open anomaly, and what follows is another one', () => {
  const changes = track([0.8, 0.8, -0.8, 0.8]);
  assert.deepEqual(
    changes.map(({ kind, startTime, endTime }) => [kind, startTime, endTime]),
    [['opened', 0, 0], ['closed', 0, 1], ...(changes.length > 2 ? [['opened', 2, 2]] : [])],
  );
});
