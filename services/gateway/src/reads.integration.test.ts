import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AnomaliesPage, Anomaly, CoveragePage, History, ModelView, PoolView } from '@verdict/contracts';
import { sampleRows } from '@verdict/storage/testing';
import { type CommittedPool, commitPool } from './committed.fixture.ts';
import { eventsInHub } from './events-in-hub.fixture.ts';
import { caller, type Platform, startPlatform } from './gateway.fixture.ts';
import { type StandInDetector, standInDetector, tailOf } from './stand-in-detector.fixture.ts';

let platform: Platform;
let detector: StandInDetector;
let pool: CommittedPool;
let viewer: ReturnType<typeof caller>;
let analyst: ReturnType<typeof caller>;
let service: ReturnType<typeof caller>;
let url: string;
const nowMs = Date.now();
const times = Array.from({ length: 600 }, (_, index) => nowMs - (700 - index) * 1000);

before(async () => {
  platform = await startPlatform();
  detector = await standInDetector(platform.key);
  pool = await commitPool(platform.stores, detector.url);
  await pool.commit({
    history: [{ series: 'shop/cart', rows: sampleRows(times) }],
    series: [
      {
        series: 'shop/cart',
        signals: ['cpu'],
        state: 'scored',
        readings: 600,
        firstMs: times[0] ?? 0,
        lastMs: times.at(-1) ?? 0,
        score: 0.25,
        openAnomaly: null,
      },
    ],
  });
  const dashboardDir = join(platform.folder, 'dashboard');
  await mkdir(join(dashboardDir, 'assets'), { recursive: true });
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html><title>Verdict</title>');
  await writeFile(join(dashboardDir, 'assets', 'app-1a2b.js'), 'export {};');
  ({ url } = await platform.startGateway({ dashboardDir }));
  viewer = caller(url, await platform.token('vic', 'viewer'));
  analyst = caller(url, await platform.token('ann', 'analyst'));
  service = caller(url, await platform.token('conductor', 'service'));
});
after(async () => {
  await platform.stop();
  await detector.close(100);
});

const newId = (): string => randomBytes(12).toString('hex');

test('anomalies are listed, filtered, paged and fetched one by one', async () => {
  const ids = [newId(), newId(), newId()];
  for (const [index, id] of ids.entries())
    await pool.commitAnomaly({ id, startMs: nowMs + index, series: 'shop/list' });
  const first = AnomaliesPage.parse((await viewer('GET', '/anomalies?series=shop/list&limit=2')).body);
  assert.deepEqual(
    first.items.map((item) => item.id),
    [ids[2], ids[1]],
  );
  const second = AnomaliesPage.parse(
    (await viewer('GET', `/anomalies?series=shop/list&limit=2&next=${first.next}`)).body,
  );
  assert.deepEqual([second.items.map((item) => item.id), second.next], [[ids[0]], null]);
  assert.equal(Anomaly.parse((await viewer('GET', `/anomalies/${ids[0]}`)).body).id, ids[0]);
  assert.equal((await viewer('GET', `/anomalies/${newId()}`)).status, 404);
  for (const query of [
    'limit=0',
    'limit=x',
    'state=odd',
    'more=1',
    'from=now',
    'next=zzz',
    'since=-1',
    'limit=1&limit=2',
  ])
    assert.equal((await viewer('GET', `/anomalies?${query}`)).status, 400, query);
  assert.equal((await viewer('GET', '/anomalies/xyz')).status, 400);
});

test('a notification is announced once, in order, and unknown anomalies are a conflict', async () => {
  const { id } = await pool.commitAnomaly({ id: newId() });
  const change = { kind: 'opened', anomalyId: id, revision: 1 };
  assert.deepEqual((await service('POST', '/anomaly', { changes: [change] })).body, { announced: 1, old: 0 });
  assert.deepEqual((await service('POST', '/anomaly', { changes: [change] })).body, { announced: 0, old: 1 });
  const unknown = { ...change, anomalyId: newId() };
  const { status, body } = await service('POST', '/anomaly', { changes: [unknown, change] });
  assert.equal(status, 409);
  assert.equal(body.errors[0].field, 'changes[0].anomalyId');
  assert.equal((await analyst('POST', '/anomaly', { changes: [change] })).status, 403);
  assert.equal((await service('POST', '/anomaly', { changes: [] })).status, 400);
  const beyond = { ...change, revision: 2 ** 31 };
  assert.equal((await service('POST', '/anomaly', { changes: [beyond] })).status, 400);
});

test('feedback on an anomaly reaches the hub with who said it; on no anomaly it is 404', async () => {
  const { id } = await pool.commitAnomaly({ id: newId() });
  const { status, body } = await analyst('POST', '/feedback', {
    anomalyId: id,
    verdict: 'false',
    reason: 'deployment',
  });
  assert.equal(status, 202);
  const events = (await eventsInHub(platform, 'feedback')).map(
    ({ body }): Record<string, unknown> => JSON.parse(Buffer.from(body).toString()),
  );
  const [event] = events;
  assert.equal(events.length, 1);
  assert.deepEqual([event?.feedbackId, event?.person, event?.reason], [body.feedbackId, 'ann', 'deployment']);
  assert.equal((await analyst('POST', '/feedback', { anomalyId: newId(), verdict: 'true' })).status, 404);
  assert.equal((await analyst('POST', '/feedback', { anomalyId: id, verdict: 'maybe' })).status, 400);
  assert.equal(
    (await analyst('POST', '/feedback', { anomalyId: id, verdict: 'true', person: 'bob' })).status,
    400,
  );
  assert.equal((await viewer('POST', '/feedback', { anomalyId: id, verdict: 'true' })).status, 403);
});

test('history joins what is stored with what a detector has in memory', async () => {
  detector.tails = [tailOf('shop/cart', [times.at(-1) ?? 0, nowMs - 3000, nowMs - 2000])];
  const all = History.parse((await viewer('GET', '/series/shop%2Fcart/history?points=0')).body);
  assert.deepEqual([all.readings, all.times.length, all.complete, all.downsampled], [602, 602, true, false]);
  assert.deepEqual(all.times, [...times, nowMs - 3000, nowMs - 2000]);
  const few = History.parse((await viewer('GET', '/series/shop%2Fcart/history?points=50')).body);
  assert.ok(few.times.length <= 50 && few.downsampled);
  const range = `from=${new Date(times[10] ?? 0).toISOString()}&to=${new Date(times[19] ?? 0).toISOString()}`;
  const part = History.parse((await viewer('GET', `/series/shop%2Fcart/history?${range}`)).body);
  assert.deepEqual([part.readings, part.complete], [10, true]);
});

test('a detector that does not answer within a second leaves the history incomplete, not unanswered', async () => {
  detector.hangs = true;
  const { status, body } = await viewer('GET', '/series/shop%2Fcart/history');
  detector.hangs = false;
  assert.equal(status, 200);
  assert.deepEqual([body.complete, body.readings], [false, 600]);
});

test('history of no series, of bad keys and of backward ranges is refused', async () => {
  assert.equal((await viewer('GET', '/series/no%2Fsuch/history')).status, 404);
  assert.equal((await viewer('GET', '/series/a%2F%2Fb/history')).status, 400);
  assert.equal((await viewer('GET', '/series/shop/cart/history')).status, 404);
  const backward = 'from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z';
  assert.equal((await viewer('GET', `/series/shop%2Fcart/history?${backward}`)).status, 400);
  assert.equal((await viewer('GET', '/series/shop%2Fcart/history?points=-1')).status, 400);
});

test('coverage, series, models and pools answer as their contracts say', async () => {
  for (const path of ['/coverage', '/series']) {
    const page = CoveragePage.parse((await viewer('GET', path)).body);
    assert.ok(page.items.some((item) => item.series === 'shop/cart' && item.model === 'shop'));
  }
  const models = (await viewer('GET', '/models')).body.items.map((item: unknown) => ModelView.parse(item));
  assert.deepEqual([models[0].name, models[0].champion, models[0].series], ['shop', 0, 1]);
  assert.ok(models[0].anomalies.total >= 1);
  const pools = (await viewer('GET', '/pools')).body.items.map((item: unknown) => PoolView.parse(item));
  assert.equal(pools[0].partitions.length, 4);
  assert.deepEqual(
    [pools[0].partitions[0].holder, pools[0].members[0].address],
    ['detector-1', detector.url],
  );
});

test('pools are chosen by namespace, name and model, and what fits none is an empty list', async () => {
  const chosen = async (query: string) => {
    const { status, body } = await viewer('GET', `/pools?${query}`);
    return status === 200 ? body.items.map((item: unknown) => PoolView.parse(item).name) : status;
  };
  const [{ name, namespace, spec }] = (await viewer('GET', '/pools')).body.items;
  for (const query of [`name=${name}`, `model=${spec.model}`, `namespace=${namespace}&name=${name}`])
    assert.deepEqual(await chosen(query), [name], query);
  for (const query of ['name=other', 'model=other', `namespace=other&name=${name}`])
    assert.deepEqual(await chosen(query), [], query);
  assert.equal(await chosen('pool=shop'), 400);
});

test('a plan is written with If-Match only, and live detectors are told', async () => {
  const partitions = { '0': { version: 0 }, '1': { version: 0, fallback: 0 } };
  const put = (headers: Record<string, string>, body: unknown = { partitions }) =>
    service('PUT', '/pools/shop/plan', body, headers);
  assert.equal((await put({})).status, 428);
  assert.equal((await put({ 'if-match': '*' })).status, 400);
  assert.equal((await put({ 'if-match': '"7"' })).status, 412);
  const { status, body, headers } = await put({ 'if-match': '"0"' });
  assert.deepEqual([status, body.revision, headers.get('etag')], [200, 1, '"1"']);
  assert.deepEqual(detector.updates, [1]);
  assert.equal((await put({ 'if-match': '"0"' })).status, 412);
  assert.equal((await put({ 'if-match': '"1"' })).status, 200);
  const missing = await put({ 'if-match': '"2"' }, { partitions: { '0': { version: 9 } } });
  assert.deepEqual([missing.status, missing.body.errors[0].field], [409, 'partitions.0.version']);
  assert.equal((await service('PUT', '/pools/none/plan', { partitions }, { 'if-match': '"0"' })).status, 404);
  assert.equal((await viewer('PUT', '/pools/shop/plan', { partitions }, { 'if-match': '"2"' })).status, 403);
});

test('models and pools are declared as manifests; one pool per model', async () => {
  const resource = (kind: string, name: string, spec: object) => ({
    apiVersion: 'verdict.dev/v1alpha1',
    kind,
    metadata: { name },
    spec,
  });
  const model = resource('AnomalyModel', 'host', { series: ['host/*'] });
  const { status, body } = await service('PUT', '/models/host', model);
  assert.deepEqual([status, body.metadata.namespace, body.spec.window], [200, 'default', 32]);
  assert.equal((await service('PUT', '/models/other', model)).status, 400);
  assert.equal((await service('PUT', '/models/host', { ...model, status: {} })).status, 400);
  assert.equal((await analyst('PUT', '/models/host', model)).status, 403);
  const spec = { model: 'shop', consumerGroup: 'second' };
  assert.equal((await service('PUT', '/pools/second', resource('DetectorPool', 'second', spec))).status, 409);
  const own = resource('DetectorPool', 'host', { model: 'host', consumerGroup: 'host' });
  assert.equal((await service('PUT', '/pools/host', own)).status, 200);
});

test('what is for processes alone is refused to an admin', async () => {
  const root = caller(url, await platform.token('root', 'admin'));
  const paths: Record<string, Record<string, { description: string }>> = (await root('GET', '/openapi.json'))
    .body.paths;
  const own = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { description }]) => /Roles: service\.$/.test(description))
      .map(([method]) => [method.toUpperCase(), path.replace('{version}', '1').replace(/\{\w+\}/g, 'shop')]),
  );
  assert.deepEqual(own.map((route) => route.join(' ')).toSorted(), [
    'DELETE /models/shop',
    'DELETE /pools/shop',
    'POST /anomaly',
    'POST /models/shop/versions/prune',
    'PUT /models/shop/trainings/shop',
    'PUT /models/shop/versions/1/state',
    'PUT /pools/shop/plan',
    'PUT /pools/shop/rollout',
  ]);
  for (const [method = '', path = ''] of own) {
    const { status, body } = await root(method, path, {}, { 'if-match': '"0"' });
    assert.deepEqual([status, body.status], [403, 403], path);
    assert.notEqual((await service(method, path, {}, { 'if-match': '"0"' })).status, 403, path);
  }
});

test('the dashboard is served with links into it, and its absence elsewhere is an ordinary 404', async () => {
  const html = { accept: 'text/html,application/xhtml+xml' };
  for (const path of ['/', '/ui/inbox', '/ui/series/shop']) {
    const page = await caller(url)('GET', path, undefined, html);
    assert.match(page.body, /<title>Verdict/, path);
    assert.equal(page.headers.get('cache-control'), 'no-cache');
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'self'/);
  }
  const asset = await caller(url)('GET', '/assets/app-1a2b.js');
  assert.match(asset.headers.get('cache-control') ?? '', /immutable/);
  assert.equal((await caller(url)('GET', '/assets/none.js')).status, 404);
  assert.equal((await caller(url)('GET', '/ui/inbox')).status, 404);
  assert.equal((await caller(url)('GET', '/..%2f..%2fetc%2fpasswd')).status, 404);
  const without = await platform.startGateway();
  assert.equal((await caller(without.url)('GET', '/', undefined, html)).status, 404);
  assert.equal((await caller(without.url)('GET', '/docs', undefined, html)).status, 200);
  // Which routes there are is compared with their table by the test of access.
  assert.ok('/anomalies/{id}' in (await caller(url)('GET', '/openapi.json')).body.paths);
});
