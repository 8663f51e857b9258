import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '@verdict/process';
import { Rounds } from './rounds.ts';
import { eventually } from './testing/sample-feedback.fixture.ts';

function roundsOf(context: TestContext, pauseMs: number) {
  const done = {
    rounds: 0,
    failures: 0,
    failing: false,
    atOnce: 0,
    mostAtOnce: 0,
    /** Called once, while the next round is under way. */
    inRound: (): void => undefined,
  };
  const rounds = new Rounds({
    clock: systemClock,
    onFailure: () => {
      done.failures += 1;
    },
    random: () => 0,
  });
  const stop = new AbortController();
  context.after(() => stop.abort());
  const ended = rounds.run(async () => {
    done.atOnce += 1;
    done.mostAtOnce = Math.max(done.mostAtOnce, done.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    done.inRound();
    done.inRound = () => undefined;
    done.rounds += 1;
    done.atOnce -= 1;
    if (done.failing) throw new Error('as it happens');
    return pauseMs;
  }, stop.signal);
  return { rounds, done, stop, ended };
}

test('a nudge ends the pause, and one during a round is followed by another round, never by two at a time', async (t) => {
  const { rounds, done, stop, ended } = roundsOf(t, 3_600_000);
  await eventually(() => done.rounds === 1);
  done.inRound = () => {
    rounds.nudge();
    rounds.nudge();
  };
  rounds.nudge();
  await eventually(() => done.rounds === 3);
  stop.abort();
  await ended;
  assert.deepEqual([done.rounds, done.mostAtOnce], [3, 1]);
});

test('rounds follow each other after the pause', async (t) => {
  const { done, stop, ended } = roundsOf(t, 1);
  await eventually(() => done.rounds >= 3);
  stop.abort();
  await ended;
});

test('a round that fails is done again, and a stop does not wait for that', async (t) => {
  const { done, stop, ended } = roundsOf(t, 3_600_000);
  done.failing = true;
  await eventually(() => done.failures === 2);
  done.failing = false;
  await eventually(() => done.rounds === 3);
  stop.abort();
  await ended;
  assert.equal(done.failures, 2);
});
