import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rolloutState, spec } from './rollout.fixture.ts';
import { awaitedBy, standingText, stationsOf } from './rollout-progress.ts';

test('the stations say how many partitions each step takes and which one it is now', () => {
  const stations = stationsOf(rolloutState({ step: 1 }), spec, 8);
  assert.deepEqual(
    stations.map(({ state, about }) => [state, about]),
    [
      ['done', '1 %: 1 of 8 partitions, at least 20 s'],
      ['now', '50 %: 4 of 8 partitions, at least 20 s'],
      ['next', '100 %: 8 of 8 partitions, at least 20 s'],
    ],
  );
});

test('without a rollout the stations are what the spec asks for', () => {
  const states = (phase: 'idle' | 'done' | 'aborted') =>
    new Set(stationsOf(rolloutState({ phase, candidate: null }), spec, 8).map(({ state }) => state));
  assert.deepEqual(states('idle'), new Set(['asked']));
  assert.deepEqual(states('aborted'), new Set(['asked']));
  assert.deepEqual(states('done'), new Set(['done']));
});

test('a shadow is a station only where the spec asks for one', () => {
  assert.equal(stationsOf(rolloutState(), { ...spec, shadowSeconds: 60 }, 8)[0]?.title, 'Shadow');
  assert.equal(stationsOf(rolloutState(), spec, 8).length, 3);
});

test('what is awaited is the rest of the pause and an analysis that passes', () => {
  const at = (nowMs: number, more = {}) => awaitedBy(rolloutState(more), spec, nowMs);
  assert.deepEqual(at(105_000), {
    share: 0.25,
    text: '15 s of the pause left; an analysis has to pass first',
  });
  assert.equal(at(105_000, { passedInPhase: 1 })?.text, '15 s of the pause left');
  assert.equal(at(130_000)?.text, 'An analysis has to pass first');
  assert.equal(at(130_000, { waitingSaid: true })?.text, 'Too few readings to judge by yet (at least 100)');
  assert.equal(at(130_000, { passedInPhase: 1 })?.text, 'Goes on at the next look');
  assert.equal(at(130_000, { candidate: null }), null);
});

test('in a pause the time of the phase stands still', () => {
  const paused = rolloutState({ paused: { sinceMs: 110_000, by: 'command' }, passedInPhase: 1 });
  const awaited = awaitedBy(paused, spec, 500_000);
  assert.equal(awaited?.share, 0.5);
  assert.match(awaited?.text ?? '', /^Paused by command: .*10 s of the pause left$/);
});

test('where the rollouts stand is said in a sentence', () => {
  const idle = { candidate: null, phase: 'idle' } as const;
  assert.equal(standingText(null, 3), 'No rollout has begun yet.');
  assert.equal(
    standingText(rolloutState({ champion: 0 }), 3),
    'Version 2 is rolled out against the built-in version: step 1 of 3.',
  );
  assert.equal(standingText(rolloutState(idle), 3), 'Version 1 serves; no rollout is on its way.');
  assert.match(
    standingText(rolloutState({ ...idle, paused: { sinceMs: 0, by: 'spec' } }), 3),
    /paused: nothing new starts\.$/,
  );
  const taken = rolloutState({
    candidate: null,
    phase: 'aborted',
    lastAbort: { version: 2, atMs: 0, reason: 'x', asked: false },
  });
  assert.equal(standingText(taken, 3), 'Version 2 was taken back; version 1 serves.');
});
