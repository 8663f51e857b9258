import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MissedEvent } from '@verdict/contracts';
import { openStores, type Stores } from '../open-stores.ts';
import { anomalyWriter, judge, partitionWriter, recordFeedback } from '../testing/fill-stores.ts';
import { sampleAnomaly } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const idOf = (n: number) => n.toString(16).padStart(24, '0');
const reportOf = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
const model = { namespace: 'default', model: 'shop' };

function anomalyAt(n: number, startMs: number, endMs: number, series = 'shop/cart') {
  return sampleAnomaly({ id: idOf(n), series, startMs, endMs, peakMs: startMs, modelVersion: n });
}

function missed(n: number, change: Partial<MissedEvent> = {}): MissedEvent {
  const stretch = { series: 'shop/cart', from: 1_000, to: 2_000, person: 'eve', at: 10 };
  return { version: 1, kind: 'missed', reportId: reportOf(n), withdrawn: false, ...stretch, ...change };
}

function report(stores: Stores, ...events: MissedEvent[]) {
  return recordFeedback(stores, (sequence) => ({
    events: [],
    missed: events.map((event) => ({ sequence, event: MissedEvent.parse(event) })),
  }));
}

test('anomalies come with the verdicts that stand, newest start first', async () => {
  const stores = openStores(await tests.database());
  const write = await anomalyWriter(stores);
  await write(
    anomalyAt(1, 1_000, 2_000),
    sampleAnomaly({ ...anomalyAt(2, 5_000, 6_000), state: 'closed', patterns: [{ cpu: -2 }, { io: 1.5 }] }),
  );
  await judge(stores, idOf(2), 'ann', 'true');
  await judge(stores, idOf(2), 'bob', 'false');
  await judge(stores, idOf(2), 'eve', 'false');
  await judge(stores, idOf(2), 'bob', 'withdrawn');
  const found = await stores.labels.anomalies({ ...model, fromMs: 0, toMs: 9_000, limit: 10 });
  assert.deepEqual(found[0], {
    id: idOf(2),
    series: 'shop/cart',
    version: 2,
    state: 'closed',
    startMs: 5_000,
    endMs: 6_000,
    peakScore: 0.9,
    patterns: [{ cpu: -2 }, { io: 1.5 }],
    verdicts: [
      { person: 'ann', verdict: 'true' },
      { person: 'eve', verdict: 'false' },
    ],
  });
  assert.deepEqual([found[1]?.id, found[1]?.state, found[1]?.verdicts], [idOf(1), 'open', []]);
});

test('a stretch gets what overlaps it, of its model and its series, the newest of too many', async () => {
  const stores = openStores(await tests.database());
  const write = await anomalyWriter(stores);
  await write(anomalyAt(1, 1_000, 2_000), anomalyAt(2, 3_000, 9_000), anomalyAt(3, 4_000, 5_000, 'shop/pay'));
  await (await anomalyWriter(stores, 'default/other'))(anomalyAt(4, 3_000, 9_000, 'other/one'));
  await (await anomalyWriter(stores, 'second/shop'))(anomalyAt(5, 3_000, 9_000, 'second/one'));
  const find = async (fromMs: number, toMs: number, rest: { limit?: number; series?: string } = {}) => {
    const found = await stores.labels.anomalies({ ...model, fromMs, toMs, limit: 10, ...rest });
    return found.map((anomaly) => anomaly.version);
  };
  assert.deepEqual(await find(0, 10_000), [3, 2, 1]);
  assert.deepEqual(await find(2_000, 3_000), [2, 1], 'both ends belong to it');
  assert.deepEqual(await find(2_001, 2_999), []);
  assert.deepEqual(await find(6_000, 7_000), [2]);
  assert.deepEqual(await find(0, 10_000, { limit: 1 }), [3]);
  assert.deepEqual(await find(0, 10_000, { series: 'shop/cart' }), [2, 1]);
  assert.deepEqual(await find(0, 10_000, { series: 'other/one' }), []);
});

test('patterns follow the newest revision of an anomaly, for readers too', async () => {
  const stores = openStores(await tests.database());
  const { commit } = await partitionWriter(stores);
  const patterns = [{ cpu: 4, io: -1.25 }];
  await commit({ anomalies: [sampleAnomaly()] });
  await commit({ anomalies: [sampleAnomaly({ revision: 2, kind: 'updated', patterns })] });
  await commit({ anomalies: [sampleAnomaly({ revision: 2, kind: 'updated', patterns: [] })] });
  const [label] = await stores.labels.anomalies({ ...model, fromMs: 0, toMs: 9_000, limit: 10 });
  assert.deepEqual(label?.patterns, patterns);
  assert.deepEqual((await stores.anomalies.get(sampleAnomaly().id))?.patterns, patterns);
});

test('every record of a verdict is told with the version that it is about, newest first', async () => {
  const stores = openStores(await tests.database());
  const write = await anomalyWriter(stores);
  await write(anomalyAt(1, 1_000, 2_000), anomalyAt(2, 3_000, 4_000));
  await judge(stores, idOf(1), 'ann', 'true');
  await judge(stores, idOf(2), 'ann', 'true');
  await judge(stores, idOf(9), 'ann', 'true');
  await judge(stores, idOf(1), 'bob', 'false');
  await judge(stores, idOf(1), 'bob', 'withdrawn');
  const said = (version: number, limit = 10) => stores.labels.verdicts({ ...model, version, limit });
  const first = await said(1);
  assert.deepEqual(
    first.map(({ atMs }) => atMs),
    [1_004, 1_003, 1_000],
  );
  const sequences = first.map(({ sequence }) => sequence);
  assert.deepEqual(
    sequences,
    [...sequences].sort((a, b) => b - a),
  );
  assert.equal(new Set(sequences).size, 3);
  assert.deepEqual(await said(1, 1), first.slice(0, 1));
  assert.equal((await said(2)).length, 1);
  assert.deepEqual(await said(3), []);
});

test('reports of missed anomalies are told until they are taken back', async () => {
  const stores = openStores(await tests.database());
  const full = missed(1, { reason: 'outage\0', comment: 'the till\0 was down' });
  await report(stores, full, missed(2, { series: 'shop/a', from: 5_000, to: 5_000 }));
  const all = await stores.labels.missed({ fromMs: 0, toMs: 9_000, limit: 10 });
  assert.deepEqual(all, [
    {
      id: reportOf(2),
      series: 'shop/a',
      from: '1970-01-01T00:00:05.000Z',
      to: '1970-01-01T00:00:05.000Z',
      person: 'eve',
      reason: null,
      comment: null,
      at: '1970-01-01T00:00:00.010Z',
    },
    {
      id: reportOf(1),
      series: 'shop/cart',
      from: '1970-01-01T00:00:01.000Z',
      to: '1970-01-01T00:00:02.000Z',
      person: 'eve',
      reason: 'outage',
      comment: 'the till was down',
      at: '1970-01-01T00:00:00.010Z',
    },
  ]);
  const ids = async (request: Omit<Parameters<Stores['labels']['missed']>[0], 'limit'>, limit = 10) =>
    (await stores.labels.missed({ ...request, limit })).map(({ id }) => id);
  assert.deepEqual(await ids({ fromMs: 0, toMs: 9_000 }, 1), [reportOf(2)], 'the one that starts last');
  assert.deepEqual(await ids({ fromMs: 2_000, toMs: 4_999 }), [reportOf(1)]);
  assert.deepEqual(await ids({ fromMs: 2_001, toMs: 4_999 }), []);
  assert.deepEqual(await ids({ series: 'shop/a', fromMs: 0, toMs: 9_000 }), [reportOf(2)]);
  await report(stores, missed(1, { withdrawn: true, at: 20 }));
  assert.deepEqual(await ids({ fromMs: 0, toMs: 9_000 }), [reportOf(2)]);
  assert.equal((await stores.labels.missedReport(reportOf(1)))?.withdrawn, true);
  assert.equal((await stores.labels.missedReport(reportOf(2)))?.withdrawn, false);
  assert.equal(await stores.labels.missedReport(reportOf(3)), null);
});

test('the newest event of a report counts, in whatever order and however often they come', async () => {
  const stores = openStores(await tests.database());
  const [given, taken] = [missed(1, { at: 10 }), missed(1, { at: 10, withdrawn: true })];
  const withdrawn = async () => (await stores.labels.missedReport(reportOf(1)))?.withdrawn;
  await report(stores, taken, given);
  assert.equal(await withdrawn(), true, 'who takes back at the same instant comes later');
  await report(stores, given);
  assert.equal(await withdrawn(), true);
  await report(stores, missed(1, { at: 11, to: 3_000 }), missed(1, { at: 9, withdrawn: true }));
  assert.equal(await withdrawn(), false);
  await report(stores, taken);
  const found = await stores.labels.missedReport(reportOf(1));
  assert.deepEqual([found?.withdrawn, found?.to], [false, '1970-01-01T00:00:03.000Z']);
});
