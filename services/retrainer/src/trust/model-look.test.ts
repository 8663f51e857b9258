import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissedReport } from '@verdict/contracts';
import { DatabaseUnavailable } from '@verdict/storage';
import { servedModels } from '../served-models.ts';
import { trustWorld } from '../testing/in-memory-trust.fixture.ts';
import { answers, labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { versionLife } from '../testing/version-life.fixture.ts';
import { ModelLook } from './model-look.ts';

const startMs = 1_700_000_000_000;

async function lookerOf(from = trustWorld()) {
  const clock = { nowMs: () => startMs + now, monotonicMs: () => now, sleep: async () => undefined };
  let now = 0;
  const shown: number[] = [];
  const metrics = {
    looked: () => undefined,
    shown: (_: string, seconds: number) => void shown.push(seconds),
    took: () => undefined,
    forget: () => undefined,
  };
  const look = new ModelLook({ ...from.stores, clock, metrics });
  const [model] = await servedModels(from.stores);
  assert.ok(model);
  let recorded = 0;
  const { signal } = new AbortController();
  return {
    ...from,
    shown,
    recorded: () => {
      recorded += 1;
    },
    /** Time goes on by so many milliseconds. */
    takes: (ms: number) => {
      now += ms;
    },
    /** Looks so many milliseconds later. */
    look: (afterMs = 2000) => {
      now += afterMs;
      return look.look({ model, recorded, signal });
    },
  };
}

const judge = (looker: { labels: ReturnType<typeof trustWorld>['labels'] }, count: number, text: string) => {
  for (let index = 0; index < count; index += 1)
    looker.labels.put(
      labelledAnomaly(`a${index}`, { startMs: startMs - 60_000 * (index + 2), verdicts: answers(text) }),
    );
  const sequence = (looker.labels.records.get(1)?.[0]?.sequence ?? 0) + count;
  looker.labels.records.set(1, [{ sequence, atMs: startMs }]);
};

test('confidence follows verdicts, bad and back, and people are told of each change', async () => {
  const looker = await lookerOf();
  const { trust } = looker;
  await looker.look();
  assert.deepEqual(
    [trust.stored?.trust.confidence.state, trust.told, trust.points.length],
    ['unknown', 1, 1],
  );
  judge(looker, 12, 'f');
  await looker.look();
  assert.deepEqual([trust.stored?.trust.confidence.state, trust.told], ['bad', 2]);
  assert.equal(trust.points.at(-1)?.state, 'bad');
  judge(looker, 12, '');
  await looker.look();
  assert.deepEqual(
    [trust.stored?.trust.confidence.state, trust.told, trust.points.length],
    ['unknown', 3, 3],
  );
  assert.deepEqual(looker.shown, [6]);
});

test('when nothing changed it is looked at every ten seconds only, and nobody is told', async () => {
  const looker = await lookerOf();
  for (let index = 0; index < 30; index += 1) await looker.look();
  assert.deepEqual([looker.trust.stored?.revision, looker.trust.told], [6, 1]);
  // A point a minute, and the first one.
  for (let index = 0; index < 35; index += 1) await looker.look();
  assert.equal(looker.trust.points.length, 3);
});

test('anomalies are read again only when verdicts or anomalies changed, and now and then', async () => {
  const looker = await lookerOf();
  await looker.look();
  looker.world.lives = [versionLife(1, { readings: 100 })];
  await looker.look();
  assert.deepEqual([looker.labels.reads, looker.trust.stored?.revision], [1, 2]);
  looker.world.lives = [versionLife(1, { readings: 200, anomalies: 1 })];
  await looker.look();
  looker.recorded();
  await looker.look();
  assert.equal(looker.labels.reads, 3);
});

test('a model whose anomalies take long to read is read less often, and nothing stays unread', async () => {
  const looker = await lookerOf();
  await looker.look();
  const { anomalies } = looker.labels;
  looker.labels.anomalies = (request) => {
    looker.takes(500);
    return anomalies.call(looker.labels, request);
  };
  const reads: number[] = [];
  for (let index = 0; index < 6; index += 1) {
    looker.recorded();
    await looker.look();
    reads.push(looker.labels.reads);
  }
  for (let index = 0; index < 4; index += 1) await looker.look();
  reads.push(looker.labels.reads);
  assert.deepEqual(reads, [2, 2, 2, 3, 3, 3, 4]);
});

test('the window grows with looks at new figures only, and goes on in another process with the signs', async () => {
  const looker = await lookerOf();
  const grow = async (one: { look: typeof looker.look }, look: number) => {
    looker.world.lives = [versionLife(1, { readings: 2000 * look, anomalies: 9 * look })];
    await one.look();
  };
  for (let index = 1; index <= 4; index += 1) await grow(looker, index);
  await looker.look(10_000);
  assert.equal(looker.trust.stored?.trust.drift.window, 3);
  const other = await lookerOf(looker);
  for (let index = 5; index <= 9; index += 1) await grow(other, index);
  const { drift, signs } = looker.trust.stored?.trust ?? assert.fail();
  assert.deepEqual([drift.window, drift.verdict], [8, 'watch']);
  assert.match(signs.find(({ active }) => active)?.text ?? '', /^72 anomalies among the last 16000 readings/);
});

test('another champion begins the signs anew and goes on counting looks', async () => {
  const looker = await lookerOf();
  for (let look = 1; look <= 8; look += 1) {
    looker.world.lives = [versionLife(1, { readings: 2000 * look, anomalies: 9 * look }), versionLife(2)];
    await looker.look();
  }
  assert.equal(looker.trust.stored?.trust.drift.verdict, 'watch');
  looker.world.served = [1, 2, 2];
  await looker.look();
  const { version, drift } = looker.trust.stored?.trust ?? assert.fail();
  assert.deepEqual([version, drift.verdict, drift.window], [2, 'calm', 7]);
});

test('reports on series of the model count, those on others do not', async () => {
  const looker = await lookerOf();
  judge(looker, 1, 't');
  const report = (series: string): MissedReport => ({
    id: '0b0e3c5e-6f0a-4b8e-9a6c-1d2e3f405162',
    series,
    from: new Date(startMs - 20_000).toISOString(),
    to: new Date(startMs - 10_000).toISOString(),
    person: 'ada',
    reason: null,
    comment: null,
    at: new Date(startMs).toISOString(),
  });
  looker.labels.reports.push(report('shop/pay'), report('host/a'));
  await looker.look();
  assert.deepEqual(
    [looker.trust.stored?.trust.quality.missed, looker.trust.stored?.trust.quality.tp],
    [1, 1],
  );
  looker.labels.reports.shift();
  await looker.look();
  assert.equal(looker.trust.stored?.trust.quality.missed, 0);
});

test('trust that another process stored meanwhile is not overwritten, and the next look goes on from there', async () => {
  const looker = await lookerOf();
  await looker.look();
  const { get } = looker.stores.trust;
  const other = await lookerOf(looker);
  looker.stores.trust.get = async (...name) => {
    const before = await get.apply(looker.trust, name);
    looker.stores.trust.get = get;
    await other.look();
    return before;
  };
  looker.world.lives = [versionLife(1, { readings: 100 })];
  await looker.look();
  assert.equal(looker.trust.stored?.revision, 2);
  await looker.look();
  assert.equal(looker.trust.stored?.revision, 3);
});

test('what was kept by another release, or is broken, is begun anew but for the number of looks', async () => {
  const looker = await lookerOf();
  for (const readings of [1, 2, 3]) {
    looker.world.lives = [versionLife(1, { readings })];
    await looker.look();
  }
  if (looker.trust.stored) looker.trust.stored.signs = { signs: 'of another kind' };
  for (const readings of [4, 5]) {
    looker.world.lives = [versionLife(1, { readings })];
    await looker.look();
  }
  assert.equal(looker.trust.stored?.trust.drift.window, 3);
});

test('a look that fails is done again with nothing lost', async () => {
  const looker = await lookerOf();
  await looker.look();
  judge(looker, 12, 'f');
  looker.trust.available = false;
  await assert.rejects(looker.look(), DatabaseUnavailable);
  looker.trust.available = true;
  await looker.look();
  assert.equal(looker.trust.stored?.trust.confidence.state, 'bad');
});

test('twenty thousand anomalies of a month are looked at in well under a second', async () => {
  const looker = await lookerOf();
  for (let index = 0; index < 20_000; index += 1)
    looker.labels.list.push(
      labelledAnomaly(`m${index}`, {
        series: `shop/${index % 200}`,
        startMs: startMs - index * 120_000,
        version: index % 5,
        verdicts: index % 3 === 0 ? answers('tf'.repeat(index % 2)) : answers('f'),
      }),
    );
  const beganMs = performance.now();
  await looker.look();
  const tookMs = performance.now() - beganMs;
  assert.ok(tookMs < 5000, `${tookMs} ms`);
});
