import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type Comparison,
  type ModelManifest,
  ModelVersionDetail,
  ModelView,
  PoolView,
  type RolloutUpdate,
  type VersionState,
} from '@verdict/contracts';
import { sampleComparison, sampleFigures } from '@verdict/storage/testing';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { caller, type Platform, startPlatform } from '../gateway.fixture.ts';
import { sampleRollout } from './sample-rollout.fixture.ts';

let platform: Platform;
let pool: CommittedPool;
let viewer: ReturnType<typeof caller>;
let analyst: ReturnType<typeof caller>;
let service: ReturnType<typeof caller>;
let admin: ReturnType<typeof caller>;

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
  const { url } = await platform.startGateway();
  viewer = caller(url, await platform.token('vic', 'viewer'));
  analyst = caller(url, await platform.token('ann', 'analyst'));
  service = caller(url, await platform.token('conductor', 'service'));
  admin = caller(url, await platform.token('root', 'admin'));
  const states: VersionState[] = ['accepted', 'candidate', 'refused', 'retired', 'aborted'];
  for (const [index, state] of states.entries())
    await platform.stores.registry.putVersion('default', 'shop', {
      version: index + 1,
      state,
      createdAtMs: 0,
      manifest: null,
      evaluation: null,
    });
});
after(() => platform.stop());

const state = sampleRollout();
const update = (change: Partial<RolloutUpdate> = {}): RolloutUpdate => ({
  state,
  baseline: null,
  events: [],
  ...change,
});
const shop = async (): Promise<PoolView> => PoolView.parse((await viewer('GET', '/pools')).body.items[0]);
const model = async (): Promise<ModelView> => ModelView.parse((await viewer('GET', '/models')).body.items[0]);

test('a rollout is written with If-Match only, and shown with its pool', async () => {
  const put = (ifMatch: string | null, body: unknown = update(), name = 'shop') =>
    service('PUT', `/pools/${name}/rollout`, body, ifMatch === null ? {} : { 'if-match': ifMatch });
  assert.deepEqual((await shop()).rollout, {
    revision: 0,
    state: null,
    baseline: null,
    events: [],
    commands: [],
  });
  assert.equal((await put(null)).status, 428);
  assert.equal((await put('soon')).status, 400);
  assert.equal((await put('"1"')).status, 412);
  const started = { reason: 'RolloutStarted', message: 'Version 1 starts on 1 of 4 partitions' } as const;
  const { status, body, headers } = await put('"0"', update({ events: [started] }));
  assert.deepEqual([status, body.revision, headers.get('etag')], [200, 1, '"1"']);
  assert.equal((await put('"0"')).status, 412);
  const { rollout } = await shop();
  assert.deepEqual([rollout.state, rollout.events[0]?.message], [state, started.message]);
  assert.equal((await put('"1"', update(), 'none')).status, 404);
  assert.equal((await put('"1"', { ...update(), state: { ...state, phase: 'odd' } })).status, 400);
  assert.equal((await admin('PUT', '/pools/shop/rollout', update())).status, 403);
  assert.equal((await analyst('PUT', '/pools/shop/rollout', update())).status, 403);
});

test('commands are noted until the rollout says that they were handled; only so many wait', async () => {
  const command = (body: object, name = 'shop') => admin('POST', `/pools/${name}/rollout/commands`, body);
  const { status, body } = await command({ kind: 'pause' });
  assert.equal(status, 202);
  assert.deepEqual((await shop()).rollout.commands, [{ id: body.id, kind: 'pause' }]);
  const { rollout } = await shop();
  const handled = update({ state: { ...state, handledCommands: [body.id] } });
  await service('PUT', '/pools/shop/rollout', handled, { 'if-match': `"${rollout.revision}"` });
  assert.deepEqual((await shop()).rollout.commands, []);
  for (let waiting = 0; waiting < 10; waiting++)
    assert.equal((await command({ kind: 'resume' })).status, 202);
  const full = await command({ kind: 'resume' });
  assert.equal(full.status, 429);
  assert.notEqual(full.headers.get('retry-after'), null);
  assert.match(full.body.detail, /10 commands .* wait already/);
});

test('a rollback goes to kept versions only, and a refusal says why', async () => {
  const { rollouts, plans, registry } = platform.stores;
  const spec = (await registry.models())[0]?.spec;
  assert.ok(spec);
  await registry.putModel({ namespace: 'other', name: 'shop', spec });
  const row = (await plans.pools())[0];
  assert.ok(row);
  await plans.putPool({ ...row, namespace: 'other' });
  const rollback = (version: unknown, query = '') =>
    admin('POST', `/pools/shop/rollout/commands${query}`, { kind: 'rollback', version });
  for (const [version, why] of [
    [2, 'still being judged'],
    [3, 'was refused'],
    [4, 'not kept'],
    [9, 'no version 9'],
  ] as const) {
    const { status, body } = await rollback(version);
    assert.equal(status, 409, String(version));
    assert.match(body.detail, new RegExp(why));
  }
  assert.equal((await rollback(-1)).status, 400);
  assert.equal((await rollback(0, '?namespace=none')).status, 404);
  assert.equal((await rollback(0, '?namespace=other')).status, 202);
  assert.equal((await rollback(1, '?namespace=other')).status, 409);
  assert.deepEqual(
    (await rollouts.get('other/shop')).commands.map((command) => command.kind),
    ['rollback'],
  );
  const asAnalyst = await analyst('POST', '/pools/shop/rollout/commands', { kind: 'pause' });
  assert.equal(asAnalyst.status, 403);
  assert.equal((await admin('POST', '/pools/none/rollout/commands', { kind: 'pause' })).status, 404);
  assert.equal((await admin('POST', '/pools/shop/rollout/commands', { kind: 'explode' })).status, 400);
  assert.equal((await admin('POST', '/pools/shop/rollout/commands', { kind: 'rollback' })).status, 400);
});

test('partitions show what each version did there, and models since when it serves', async () => {
  await pool.commit({ version: 1, figures: sampleFigures({ readings: 40, anomalies: 2, alarms: 5 }) });
  const figures = (await shop()).partitions[0]?.figures;
  assert.deepEqual(
    figures?.filter(({ version }) => version === 1).map((one) => [one.readings, one.anomalies, one.alarms]),
    [[40, 2, 5]],
  );
  const { versions } = await model();
  assert.ok(Date.parse(versions[0]?.servesSince ?? '') > Date.now() - 600_000);
  assert.deepEqual([versions[0]?.version, versions[1]?.servesSince], [1, null]);
});

test('partitions show what is scored beside, and what it would have done on the same readings', async () => {
  const comparison = sampleComparison({
    readings: 40,
    disagreements: 3,
    scoreDifference: 1.5,
    served: { anomalies: 2, alarms: 5, quieted: 0 },
    would: { anomalies: 1, alarms: 4, quieted: 1 },
  });
  await pool.commit({ version: 1, shadow: 2, comparison });
  const [partition] = (await shop()).partitions;
  assert.equal(partition?.shadow, 2);
  assert.deepEqual(
    partition?.shadows.map(({ since: _, ...figures }) => figures),
    [{ version: 1, shadow: 2, ...comparison, errors: 0, drops: 0, trouble: null }],
  );
});

test('what many ask for every second holds no bulk of manifests, and one version is told whole', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  const id = 'a'.repeat(24);
  const many = <T>(count: number, one: T): T[] => new Array<T>(count).fill(one);
  const tail = { border: 1, excess: 0.5 };
  const none = { epochs: 60, seed: 7, seconds: 40.5, lossBefore: 1, lossAfter: 0.25 };
  // A model of some weeks: two hundred answers, as many patterns.
  const manifest = (version: number): ModelManifest => ({
    manifestVersion: 1,
    model: 'shop',
    version,
    sha256: id.padEnd(64, '0'),
    signals: 'each',
    window: 32,
    recurring: 'habit',
    calibration: { row: tail, window: tail },
    reference: {
      errors: many(63, 0.1234567890123),
      inputs: { borders: many(63, 0.1234567890123), counts: many(64, 12_345) },
    },
    taught: many(150, { series: 'shop/cart', pattern: { cpu: 4.567891, latency_p99: -2.345678 } }),
    labels: { confirmed: many(150, id), falseAlarms: many(120, id), missed: many(10, id), lastVerdict: 400 },
    training: { from: at, to: at, series: 20, readings: 100_000, windows: 90_000, ...none },
    createdAt: at,
  });
  const { registry } = platform.stores;
  const put = (version: number, whole: boolean) =>
    registry.putVersion('default', 'shop', {
      version,
      state: 'aborted',
      createdAtMs: 0,
      manifest: whole ? manifest(version) : null,
      evaluation: null,
    });
  const bytes = async () => JSON.stringify((await viewer('GET', '/models')).body).length;
  const before = await bytes();
  for (let version = 11; version <= 20; version += 1) await put(version, false);
  const bare = await bytes();
  for (let version = 11; version <= 20; version += 1) await put(version, true);
  const perVersion = ((await bytes()) - bare) / 10;
  assert.ok(bare > before && perVersion < 1000, `${perVersion} bytes for each manifest`);
  assert.ok(JSON.stringify(manifest(11)).length > 20_000);
  const { status, body } = await viewer('GET', '/models/shop/versions/12');
  assert.equal(status, 200);
  assert.deepEqual(ModelVersionDetail.parse(body).manifest, manifest(12));
  assert.equal((await viewer('GET', '/models/shop/versions/0')).status, 404);
  assert.equal((await viewer('GET', '/models/none/versions/1')).status, 404);
});

test('the state of a version and its comparison are kept by version', async () => {
  const path = '/models/shop/versions/2/state';
  assert.equal((await service('PUT', path, { state: 'aborted' })).status, 200);
  assert.equal((await model()).versions[1]?.state, 'aborted');
  assert.equal((await service('PUT', '/models/shop/versions/8/state', { state: 'aborted' })).status, 404);
  assert.equal((await service('PUT', '/models/shop/versions/0/state', { state: 'aborted' })).status, 404);
  assert.equal((await service('PUT', path, { state: 'odd' })).status, 400);
  assert.equal((await service('PUT', '/models/shop/versions/x/state', { state: 'aborted' })).status, 400);
  assert.equal((await analyst('PUT', path, { state: 'aborted' })).status, 403);
  const comparison: Comparison = {
    champion: 0,
    candidate: 2,
    series: [
      {
        series: 'shop/cart',
        signal: 'cpu',
        times: [1, 2],
        value: [1, null],
        champion: [0.1, 0.2],
        candidate: [0.1, 0.7],
        judged: [],
      },
    ],
  };
  await platform.stores.versions.putComparison('default', 'shop', comparison);
  assert.deepEqual((await viewer('GET', '/models/shop/versions/2/comparison')).body, comparison);
  assert.equal((await viewer('GET', '/models/shop/versions/3/comparison')).status, 404);
  assert.equal((await viewer('GET', '/models/shop/versions/2/comparison?namespace=x')).status, 404);
});

test('a training that somebody asks for waits as the newest request until it is recorded', async () => {
  assert.equal((await model()).asked, null);
  const ask = (name = 'shop') => admin('POST', `/models/${name}/trainings`, {});
  await ask();
  const { status, body } = await ask();
  assert.equal(status, 202);
  assert.match(body.triggerId, /^asked-[0-9a-f-]{36}$/);
  assert.equal((await model()).asked, body.triggerId);
  await platform.stores.registry.beginTraining({
    namespace: 'default',
    model: 'shop',
    triggerId: body.triggerId,
  });
  assert.equal((await model()).asked, null);
  assert.equal((await ask('none')).status, 404);
  assert.equal((await analyst('POST', '/models/shop/trainings', {})).status, 403);
  assert.equal((await admin('POST', '/models/shop/trainings', { now: true })).status, 400);
});
