import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@verdict/process';
import type { OverlayEntry } from '@verdict/storage';
import { noOverlay, OverlayShelf } from './overlay-shelf.ts';

const entry = (anomalyId: string, series: string, untilMs: number): OverlayEntry => ({
  anomalyId,
  series,
  patterns: [{ cpu: 5 }, { mem: -3 }],
  untilMs,
});

/** A store of states, entry by entry one more; `away` makes it fail. */
function shelf() {
  const all = [entry('1', 'a', 10), entry('2', 'b', 20), entry('3', 'a', 30)];
  const store = { number: 0, away: false, loads: [] as number[] };
  const ask = () => {
    if (store.away) throw new Error('the database is away');
  };
  const overlays = new OverlayShelf(
    {
      head: async () => {
        ask();
        return store.number;
      },
      entries: async (_pool, number) => {
        ask();
        store.loads.push(number);
        return all.slice(0, number);
      },
      causeOf: async () => null,
    },
    'default/shop',
    { logger: createLogger({ name: 'test', level: 'silent' }) },
  );
  return { overlays, store };
}

test('a state is loaded once for all who ask, and holds the patterns of its series', async () => {
  const { overlays, store } = shelf();
  assert.equal(await overlays.newest(null), noOverlay);
  store.number = 3;
  const [one, other] = await Promise.all([overlays.newest(noOverlay), overlays.load(3)]);
  assert.equal(one, other);
  assert.equal(await overlays.newest(one), one);
  assert.deepEqual(store.loads, [3]);
  assert.equal(one.number, 3);
  assert.deepEqual(
    [...one.memory].map(([series, quiet]) => [series, quiet.map(({ untilMs }) => untilMs)]),
    [
      ['a', [10, 10, 30, 30]],
      ['b', [20, 20]],
    ],
  );
  assert.deepEqual((await overlays.load(1)).memory.get('a')?.[1], { pattern: { mem: -3 }, untilMs: 10 });
});

test('a store that cannot be asked leaves the last state in force, and is asked again', async () => {
  const { overlays, store } = shelf();
  store.number = 1;
  const first = await overlays.newest(null);
  store.number = 2;
  store.away = true;
  assert.equal(await overlays.newest(first), first);
  await assert.rejects(overlays.newest(null), /away/, 'with nothing to go on with it must be waited for');
  await assert.rejects(overlays.load(2), /away/, 'a replay cannot do with another one');
  store.away = false;
  assert.equal((await overlays.newest(first)).number, 2);
});

test('only some states are kept', async () => {
  const { overlays, store } = shelf();
  for (const number of [1, 2, 3, 4, 5, 1]) await overlays.load(number);
  assert.deepEqual(store.loads, [1, 2, 3, 4, 5, 1]);
  await overlays.load(5);
  assert.equal(store.loads.length, 6);
});
