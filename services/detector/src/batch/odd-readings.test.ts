import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeReadings, type ReadingBlock } from '@verdict/streams';
import { ScriptedWorld, shopOrders } from '../testing/scripted-detector.fixture.ts';
import { countUnscored } from './unscored-values.ts';

const startMs = Date.UTC(2026, 10, 22);
const series = 'shop/cart';

/** One reading: its second, and its values in the order of `signals`. */
const reading = (second: number, signals: readonly string[], ...values: number[]): ReadingBlock => ({
  series,
  signals,
  times: Float64Array.of(startMs + second * 1000),
  values: Float32Array.from(values),
});
const event = (...blocks: ReadingBlock[]): Uint8Array => encodeReadings(blocks);

/** Works through events with one detector; the model names these signals. */
async function after(events: readonly Uint8Array[], signals: 'each' | string[] = 'each') {
  const world = new ScriptedWorld();
  const orders = shopOrders(0);
  world.orders = () => ({ ...orders, builtIn: { ...orders.builtIn, signals } });
  await world.send(events);
  await world.workUpTo(events.length - 1);
  const counters = async (name: string) =>
    Object.fromEntries(
      (await world.metrics[name as 'duplicates'].get()).values.map(({ labels, value }) => [
        Object.values(labels).join(),
        value,
      ]),
    );
  return { world, counters };
}

test('of two readings with the same series and time the first one counts, whatever the second one says', async () => {
  const { world, counters } = await after([
    event(reading(1, ['cpu'], 5)),
    event(reading(1, ['cpu'], 5)),
    event(reading(1, ['cpu'], 99)),
    event(reading(2, ['cpu'], 6)),
    event(reading(1, ['cpu'], 7)),
  ]);
  assert.deepEqual([world.store.counted.readings, world.store.counted.duplicates], [2, 3]);
  assert.deepEqual(await counters('duplicates'), { '': 3 });
  assert.equal(world.store.deadLetters.size, 0);
});

test('a reading that comes behind a newer one of its series is a dead letter with its values, however little it is late', async () => {
  const { world, counters } = await after([
    event(reading(10, ['cpu'], 5)),
    event(reading(9, ['cpu'], 4)),
    event(reading(11, ['cpu'], 6)),
    event(reading(-3600, ['cpu'], 1)),
  ]);
  assert.equal(world.store.counted.readings, 2);
  assert.deepEqual(
    [...world.store.deadLetters.values()].map(({ reason, timeMs }) => [
      reason,
      ((timeMs ?? 0) - startMs) / 1000,
    ]),
    [
      ['late', 9],
      ['late', -3600],
    ],
  );
  assert.deepEqual(await counters('late'), { '': 2 });
  assert.deepEqual(await counters('deadLetters'), { late: 2 });
});

test('values of signals that the model does not name are kept, not scored, and counted', async () => {
  const { world, counters } = await after(
    [
      event(reading(1, ['cpu', 'disk'], 5, 1)),
      event(reading(2, ['disk'], 2)),
      event(reading(3, ['cpu', 'mem'], 5, 3)),
    ],
    ['cpu', 'mem'],
  );
  assert.equal(world.store.counted.readings, 3);
  assert.deepEqual(await counters('unscoredValues'), { unknown_signal: 2, missing: 3 });
  assert.equal(world.store.deadLetters.size, 0);
});

test('missing values are taken, and counted; a reading may miss all of them', async () => {
  const { world, counters } = await after([
    event(reading(1, ['cpu', 'mem'], 5, Number.NaN)),
    event(reading(2, ['cpu', 'mem'], Number.NaN, Number.NaN)),
    event(reading(3, ['cpu'], 5)),
  ]);
  assert.equal(world.store.counted.readings, 3);
  assert.deepEqual(await counters('unscoredValues'), { unknown_signal: 0, missing: 3 });
});

test('events that are no readings of ours go to dead letters, and hold nothing up', async () => {
  const good = event(reading(1, ['cpu'], 5));
  const altered = Uint8Array.from(good, (byte, at) => (at === 4 ? byte ^ 1 : byte));
  const { world, counters } = await after([
    Uint8Array.of(),
    Buffer.from('{"readings":[]}'),
    Uint8Array.of(9, ...good.subarray(1)),
    good.subarray(0, 10),
    altered,
    good,
  ]);
  assert.equal(world.store.counted.readings, 1);
  assert.deepEqual(await counters('deadLetters'), { undecodable: 5 });
  assert.match([...world.store.deadLetters.values()][0]?.detail ?? '', /empty/);
});

test('a value is unscored for one reason', () => {
  const blocks = [reading(1, ['a', 'b', 'x'], 1, Number.NaN, 3)];
  assert.deepEqual(countUnscored(blocks, ['a', 'b', 'c']), { missing: 2, unknownSignal: 1 });
  assert.deepEqual(countUnscored(blocks, 'each'), { missing: 1, unknownSignal: 0 });
});
