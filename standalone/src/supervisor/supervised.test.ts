import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@verdict/process';
import { ManualClock, settled } from '../manual-clock.fixture.ts';
import { type Run, supervise } from './supervised.ts';
import { untilReady } from './until-ready.ts';

/** A run whose end the test decides. */
class ScriptedRun implements Run {
  readonly #exited = Promise.withResolvers<number | null>();
  readonly #ready = Promise.withResolvers<void>();
  readonly exited = this.#exited.promise;
  readonly ready = this.#ready.promise;
  stoppedWithMs: number | null = null;
  words = 'some words';

  end = (code: number | null) => this.#exited.resolve(code);
  serve = () => this.#ready.resolve();
  lastWords = () => this.words;
  stop = async (graceMs: number) => {
    this.stoppedWithMs = graceMs;
    this.end(0);
  };
}

function watched(start?: (runs: ScriptedRun[]) => Promise<Run>) {
  const clock = new ManualClock();
  const runs: ScriptedRun[] = [];
  const startsAtMs: number[] = [];
  const begin = async (): Promise<Run> => {
    startsAtMs.push(clock.monotonicMs());
    if (start) return start(runs);
    const run = new ScriptedRun();
    runs.push(run);
    return run;
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const part = supervise({ name: 'gateway', start: begin, clock, logger, random: () => 0.999999 });
  return { clock, runs, startsAtMs, part };
}

test('a part is ready when its first run is, and a restart does not change that', async () => {
  const { clock, runs, part } = watched();
  await settled();
  runs[0]?.serve();
  await part.ready;
  runs[0]?.end(1);
  await clock.advance(250);
  assert.equal(runs.length, 2);
  await part.ready;
  await part.stop(100);
  assert.equal(runs[1]?.stoppedWithMs, 100);
});

test('a part that ends before it was ready says its last words, and goes on being started', async () => {
  const { clock, runs, part } = watched();
  await settled();
  runs[0]?.end(1);
  await assert.rejects(part.ready, { name: 'StartError', message: 'gateway did not start: some words' });
  await clock.advance(250);
  assert.equal(runs.length, 2);
  await part.stop(0);
});

test('waits between restarts double up to ten seconds, and are short again after a healthy run', async () => {
  const { clock, runs, startsAtMs, part } = watched();
  /** Ends the run that is there and says how long the next one was waited for. */
  const wait = async (): Promise<number> => {
    await settled();
    const endedAtMs = clock.monotonicMs();
    runs.at(-1)?.end(1);
    await clock.advance(10_000);
    return Math.round((startsAtMs.at(-1) ?? 0) - endedAtMs);
  };
  const waits: number[] = [];
  for (let count = 0; count < 8; count++) waits.push(await wait());
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  await clock.advance(20_001);
  assert.equal(await wait(), 250);
  await part.stop(0);
});

test('a start that throws counts as a run that ended', async () => {
  let attempts = 0;
  const { clock, runs, part } = watched(async (all) => {
    attempts += 1;
    if (attempts === 1) throw new Error('port taken');
    const run = new ScriptedRun();
    all.push(run);
    return run;
  });
  await assert.rejects(part.ready, { name: 'StartError', message: 'gateway did not start: port taken' });
  await clock.advance(250);
  assert.equal(runs.length, 1);
  await part.stop(0);
});

test('a stop during the wait before a restart ends it at once', async () => {
  const { clock, runs, part } = watched();
  await settled();
  runs[0]?.end(1);
  await settled();
  assert.equal(clock.sleeping, 1);
  await part.stop(1000);
  assert.equal(clock.sleeping, 0);
  await clock.advance(60_000);
  assert.equal(runs.length, 1);
});

test('a stop while a start is under way stops the run as soon as it is there', async () => {
  const pending = Promise.withResolvers<Run>();
  const { part } = watched(() => pending.promise);
  await settled();
  const stopped = part.stop(700);
  await assert.rejects(part.ready, {
    name: 'StartError',
    message: 'gateway was stopped before it was ready',
  });
  const run = new ScriptedRun();
  pending.resolve(run);
  await stopped;
  assert.equal(run.stoppedWithMs, 700);
});

test('a start that never ends does not hold a stop up for longer than the grace', async () => {
  const { clock, part } = watched(() => new Promise<Run>(() => {}));
  await settled();
  let stopped = false;
  const stopping = part.stop(2500).then(() => {
    stopped = true;
  });
  await clock.advance(2499);
  assert.equal(stopped, false);
  await clock.advance(1);
  await stopping;
});

test('waiting for parts names those that are late, and ends with the first that fails or the signal', async () => {
  const clock = new ManualClock();
  const signal = new AbortController();
  const ready = { name: 'postgres', ready: Promise.resolve() };
  const late = { name: 'event-hubs', ready: new Promise<void>(() => {}) };
  const waiting = untilReady([ready, late], { clock, signal: signal.signal, withinMs: 5000 });
  const refused = assert.rejects(waiting, {
    name: 'StartError',
    message: 'event-hubs did not start within 5 s',
  });
  await clock.advance(5000);
  await refused;
  const failing = { name: 'x', ready: Promise.reject(new Error('no')) };
  await assert.rejects(untilReady([late, failing], { clock, signal: signal.signal, withinMs: 5000 }), /no/);
  const given = untilReady([late], { clock, signal: signal.signal, withinMs: 5000 });
  signal.abort(new Error('stopped'));
  await assert.rejects(given, /stopped/);
  await untilReady([ready], { clock, signal: new AbortController().signal, withinMs: 5000 });
  assert.equal(clock.sleeping, 0);
});
