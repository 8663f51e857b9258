import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { AnomalyModelSpec, Receipt } from '@verdict/contracts';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { type FeedbackRecorder, feedbackRecorder } from '../feedback-recorder.fixture.ts';
import { caller, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
let pool: CommittedPool;
let people: FeedbackRecorder;
let viewer: ReturnType<typeof caller>;
let analyst: ReturnType<typeof caller>;
const nowMs = Date.now();
const minuteMs = 60_000;
const dayMs = 86_400_000;

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
  people = feedbackRecorder(platform.stores);
  const { url } = await platform.startGateway();
  viewer = caller(url, await platform.token('vic', 'viewer'));
  analyst = caller(url, await platform.token('ann', 'analyst'));
});
after(() => platform.stop());

const newId = (): string => randomBytes(12).toString('hex');

/** Commits an anomaly that was some minutes ago; gives its id. */
async function anomaly(
  series: string,
  minutesAgo: number,
  patterns: Record<string, number>[],
  peakScore = 0.9,
): Promise<string> {
  const startMs = nowMs - minutesAgo * minuteMs;
  const times = { startMs, endMs: startMs + 1000, peakMs: startMs };
  const { id } = await pool.commitAnomaly({ id: newId(), series, patterns, peakScore, ...times });
  return id;
}

async function receipt(id: string): Promise<Receipt> {
  const { status, body } = await viewer('GET', `/anomalies/${id}/receipt`);
  assert.equal(status, 200);
  return Receipt.parse(body);
}

test('a receipt follows a verdict, and withdrawing it gives the receipt of before', async () => {
  const { overlays } = platform.stores;
  const id = await anomaly('shop/receipt', 60, [{ cpu: 5 }]);
  const like = await anomaly('shop/receipt', 120, [{ cpu: 4.5 }]);
  await anomaly('shop/receipt', 90, [{ cpu: -5 }]);
  await anomaly('shop/receipt', 40 * 24 * 60, [{ cpu: 5 }]);
  await anomaly('shop/other', 60, [{ cpu: 5 }]);
  const real = await anomaly('shop/receipt', 200, [{ latency: 8 }]);
  await people.verdict(real, 'bob', 'true');
  const earlier = await receipt(id);
  assert.deepEqual([earlier.judgement, earlier.memory], ['unjudged', null]);
  assert.deepEqual(earlier.similar, { alarms: 2, wouldNotHaveFired: 1, ids: [like] });
  assert.deepEqual(earlier.confirmed, { total: 1, stillFound: 1 });

  await people.verdict(id, 'ann', 'false');
  const untilMs = nowMs + 30 * dayMs;
  const entry = { anomalyId: id, series: 'shop/receipt', patterns: [{ cpu: 5 }], untilMs };
  await overlays.amend('default/shop', { add: [entry], remove: [] });
  const judged = await receipt(id);
  assert.deepEqual([judged.judgement, judged.answers], ['false-alarm', { true: 0, false: 1 }]);
  assert.equal(judged.memory?.until, new Date(untilMs).toISOString());
  assert.match(
    judged.sentences[0] ?? '',
    /^Quiet since \d\d:\d\d UTC until .*: alarms like this one on shop\/receipt\.$/,
  );
  assert.equal(
    judged.sentences[1],
    '1 of 2 other alarms of the last 30 days on this series would not have fired.',
  );

  await people.verdict(id, 'ann', 'withdrawn');
  await overlays.amend('default/shop', { add: [], remove: [id] });
  assert.deepEqual(await receipt(id), earlier);
});

test('receipts of no anomaly are not given, and nobody reads one without a token', async () => {
  assert.equal((await viewer('GET', `/anomalies/${newId()}/receipt`)).status, 404);
  assert.equal((await viewer('GET', '/anomalies/xyz/receipt')).status, 400);
});

test('the few anomalies that are worth an answer are different ones, and none that the caller has judged', async () => {
  const { registry } = platform.stores;
  await registry.putModel({
    namespace: 'default',
    name: 'idle',
    spec: AnomalyModelSpec.parse({ series: ['idle/*'] }),
  });
  const near = await anomaly('shop/worth', 30, [{ cpu: 2 }], 0.52);
  const likeNear = await anomaly('shop/worth', 31, [{ cpu: 2 }], 0.53);
  const elsewhere = await anomaly('shop/worth2', 32, [{ errors: -2 }], 0.55);
  const disputed = await anomaly('shop/worth3', 33, [{ queue: 2 }], 0.54);
  await people.verdict(disputed, 'bob', 'true');
  await people.verdict(disputed, 'eve', 'false');
  const settled = await anomaly('shop/worth4', 34, [{ cpu: 2 }], 0.5);
  await people.verdict(settled, 'bob', 'false');
  const old = await anomaly('shop/worth5', 8 * 24 * 60, [{ disk: 2 }], 0.5);
  const ids = async (who: typeof viewer, query: string): Promise<string[]> =>
    (await who('GET', `/anomalies/worth-asking?${query}`)).body.items.map(
      (item: { anomalyId: string }) => item.anomalyId,
    );
  const first = await viewer('GET', '/anomalies/worth-asking');
  assert.equal(first.status, 200);
  assert.equal(first.body.items.length, 5);
  assert.equal(first.body.items[0].anomalyId, disputed);
  assert.equal(first.body.items[0].reasons[0], 'people disagree');
  assert.deepEqual((await ids(viewer, 'limit=3&model=shop')).sort(), [disputed, near, elsewhere].sort());
  const all = await ids(viewer, 'limit=20');
  assert.ok(all.includes(likeNear));
  assert.ok(!all.includes(settled) && !all.includes(old));
  await people.verdict(near, 'ann', 'true');
  await people.verdict(near, 'bob', 'false');
  assert.ok(!(await ids(analyst, 'limit=20')).includes(near));
  assert.ok((await ids(viewer, 'limit=20')).includes(near));
  assert.deepEqual(await ids(viewer, 'model=idle'), []);
  assert.equal((await viewer('GET', '/anomalies/worth-asking?model=none')).status, 404);
  for (const query of ['limit=0', 'limit=21', 'more=1'])
    assert.equal((await viewer('GET', `/anomalies/worth-asking?${query}`)).status, 400, query);
});
