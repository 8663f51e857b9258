import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores } from '../../open-stores.ts';
import type { NewWebhook, Settlement } from '../../ports/webhook-stores.ts';
import { anomalyWriter } from '../../testing/fill-stores.ts';
import { sampleAnomaly } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';

const tests = storeTest();
const idOf = (n: number) => n.toString(16).padStart(24, '0');
const leaseMs = 60_000;

async function world() {
  const stores = openStores(await tests.database());
  const commit = await anomalyWriter(stores);
  const hook = (change: Partial<NewWebhook> = {}) =>
    stores.webhooks.create({
      name: 'ops',
      kind: 'webhook',
      url: 'https://ops.example/',
      models: [],
      labels: {},
      secret: 'whsec_AAAA',
      authorization: null,
      createdBy: 'ann',
      ...change,
    });
  const change = async (n: number, kind: 'opened' | 'closed' = 'opened') => {
    const revision = kind === 'opened' ? 1 : 2;
    await commit(
      sampleAnomaly({ id: idOf(n), revision, kind, state: kind === 'opened' ? 'open' : 'closed' }),
    );
    await stores.anomalies.announce({ id: idOf(n), revision, kind });
  };
  return { ...stores, hook, change };
}

const settled = (
  { id, attempts }: { id: number; attempts: number },
  state: Settlement['state'],
  waitMs = 0,
): Settlement => ({ id, attempts, state, waitMs, counts: true, status: null, message: null });

test('an announced change waits for each webhook that wants its model, once', async () => {
  const { hook, change, webhooks, deliveries, anomalies } = await world();
  await hook();
  await hook({ name: 'shop', models: ['default/shop'] });
  await hook({ name: 'other', models: ['default/other', 'team/shop'] });
  assert.equal(await hook(), false);
  await change(1);
  await anomalies.announce({ id: idOf(1), revision: 1, kind: 'opened' });
  const waiting = (await webhooks.list()).map((row) => [row.name, row.waiting]);
  assert.deepEqual(waiting, [
    ['ops', 1],
    ['other', 0],
    ['shop', 1],
  ]);
  await change(1, 'closed');
  assert.deepEqual(
    (await deliveries.list('ops', { limit: 9 })).map(({ kind, anomalyId }) => [kind, anomalyId]),
    [
      ['closed', idOf(1)],
      ['opened', idOf(1)],
    ],
  );
  assert.equal(await webhooks.remove('ops', 'bob'), true);
  assert.deepEqual(await deliveries.list('ops', { limit: 9 }), []);
});

test('one gateway at a time holds a webhook, and its hold ends by itself', async () => {
  const { hook, change, webhookQueue: queue } = await world();
  await hook();
  assert.deepEqual(await queue.take('a', leaseMs), []);
  await change(1);
  const took = await Promise.all(['a', 'b'].map((holder) => queue.take(holder, leaseMs)));
  assert.deepEqual(took.flat(), ['ops']);
  for (const holder of ['a', 'b']) await queue.release({ name: 'ops', holder, leaseMs });
  await queue.take('a', 1);
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await queue.take('c', leaseMs), ['ops']);
  const late = { name: 'ops', holder: 'a', leaseMs };
  assert.equal(await queue.claim(late, 5), null);
  const hold = { name: 'ops', holder: 'c', leaseMs };
  assert.equal((await queue.claim(hold, 5))?.deliveries.length, 1);
  await queue.release(late);
  assert.deepEqual(await queue.take('b', leaseMs), []);
  await queue.release(hold);
  assert.deepEqual(await queue.take('b', leaseMs), ['ops']);
});

test('of one anomaly a change waits until the one before is settled, and others go ahead', async () => {
  const { hook, change, webhookQueue: queue } = await world();
  await hook();
  await change(1);
  await change(1, 'closed');
  await change(2);
  const hold = { name: 'ops', holder: 'a', leaseMs };
  await queue.take('a', leaseMs);
  const first = await queue.claim(hold, 5);
  assert.deepEqual(
    first?.deliveries.map(({ anomalyId, kind, attempts }) => [anomalyId, kind, attempts]),
    [
      [idOf(1), 'opened', 1],
      [idOf(2), 'opened', 1],
    ],
  );
  const [opened, other] = first?.deliveries ?? [];
  assert.ok(opened && other);
  assert.equal(opened.anomaly?.state, 'closed', 'it is told as it is now');
  await queue.settle([settled(opened, 'waiting', 60_000), settled(other, 'delivered')], null);
  assert.deepEqual((await queue.claim(hold, 5))?.deliveries, []);
});

test('an attempt that somebody began anew is not settled by the one before', async () => {
  const { hook, change, webhookQueue: queue, deliveries } = await world();
  await hook();
  await change(1);
  await queue.take('a', leaseMs);
  const hold = { name: 'ops', holder: 'a', leaseMs };
  const one = (await queue.claim(hold, 1))?.deliveries[0];
  const two = (await queue.claim(hold, 1))?.deliveries[0];
  assert.ok(one && two);
  await queue.settle([settled(one, 'dead')], null);
  assert.equal((await deliveries.list('ops', { limit: 1 }))[0]?.state, 'waiting');
  await queue.settle([settled(two, 'delivered')], null);
  assert.equal((await deliveries.list('ops', { limit: 1 }))[0]?.state, 'delivered');
  assert.equal(await deliveries.redeliver('ops', two.id, 'bob'), 1);
  assert.equal(await deliveries.redeliver('ops', two.id, 'bob'), 0);
});

test('a webhook that fails is left alone, then asked with one message, until it answers', async () => {
  const { hook, change, webhookQueue: queue, webhooks } = await world();
  await hook();
  for (const n of [1, 2, 3]) await change(n);
  const hold = { name: 'ops', holder: 'a', leaseMs };
  await queue.take('a', leaseMs);
  const failed = { ...hold, failure: 'it answered 500', pauseMs: 0, disabledWhy: null };
  await queue.settle([], { ...failed, holder: 'b', pauseMs: 60_000 });
  assert.notEqual(await queue.claim(hold, 0), null, 'who does not hold it any more says nothing of it');
  await queue.settle([], { ...failed, pauseMs: 60_000 });
  assert.equal(await queue.claim(hold, 5), null);
  await queue.settle([], failed);
  assert.equal((await queue.claim(hold, 5))?.deliveries.length, 1);
  await queue.settle([], { ...failed, failure: null });
  assert.equal((await queue.claim(hold, 5))?.deliveries.length, 3);
  await queue.settle([], { ...failed, disabledWhy: 'it answered 410' });
  assert.equal(await queue.claim(hold, 5), null);
  await change(4);
  assert.equal((await webhooks.list())[0]?.waiting, 3, 'nothing is queued for one that is told nothing');
  await webhooks.tested('ops', { by: 'bob', delivered: true, message: 'it answered 200' });
  assert.equal((await queue.claim(hold, 5))?.deliveries.length, 3);
});

test('what waits for too long, or too much, is given up, the oldest first', async () => {
  const { hook, change, webhookQueue: queue, deliveries } = await world();
  await hook();
  for (const n of [1, 2, 3]) await change(n);
  assert.deepEqual(await queue.giveUp({ maxAgeMs: 60_000, maxWaiting: 2 }), new Map([['ops', 1]]));
  const dead = await deliveries.list('ops', { state: 'dead', limit: 9 });
  assert.deepEqual(
    dead.map(({ anomalyId, message }) => [anomalyId, message]),
    [[idOf(1), 'given up: too much waited']],
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(await queue.giveUp({ maxAgeMs: 1, maxWaiting: 2 }), new Map([['ops', 2]]));
  assert.equal(await deliveries.redeliver('ops', 'dead', 'bob'), 3);
  await queue.giveUp({ maxAgeMs: 60_000, maxWaiting: 2 });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await deliveries.dropOld({ deliveredMs: 1, deadMs: 60_000 });
  assert.equal((await deliveries.list('ops', { limit: 9 })).length, 3);
  await deliveries.dropOld({ deliveredMs: 1, deadMs: 1 });
  assert.equal((await deliveries.list('ops', { limit: 9 })).length, 2);
});

test('an Alertmanager is told of everything open, of its models, each time that it is due', async () => {
  const { hook, change, webhookQueue: queue } = await world();
  await change(1);
  await change(2);
  await change(2, 'closed');
  await hook({ name: 'am', kind: 'alertmanager', secret: null, models: ['default/shop'] });
  await hook({ name: 'am-2', kind: 'alertmanager', secret: null, models: ['default/other'] });
  assert.deepEqual((await queue.take('a', leaseMs)).sort(), ['am', 'am-2']);
  const hold = { name: 'am', holder: 'a', leaseMs };
  const open = await queue.claimOpen(hold, { everyMs: 60_000, limit: 10 });
  assert.deepEqual(
    open?.anomalies.map(({ id }) => id),
    [idOf(1)],
  );
  assert.deepEqual(open?.target.secrets, []);
  assert.equal(await queue.claimOpen(hold, { everyMs: 60_000, limit: 10 }), null);
  const other = await queue.claimOpen({ ...hold, name: 'am-2' }, { everyMs: 60_000, limit: 10 });
  assert.deepEqual(other?.anomalies, []);
});

test('a new secret signs beside the old one for the overlap', async () => {
  const { hook, webhooks } = await world();
  await hook();
  assert.equal(await webhooks.rotate('ops', 'whsec_BBBB', { overlapMs: 60_000, by: 'bob' }), true);
  assert.deepEqual((await webhooks.target('ops'))?.secrets, ['whsec_BBBB', 'whsec_AAAA']);
  await webhooks.rotate('ops', 'whsec_CCCC', { overlapMs: 0, by: 'bob' });
  assert.deepEqual((await webhooks.target('ops'))?.secrets, ['whsec_CCCC']);
  assert.equal(await webhooks.rotate('nobody', 'whsec_DDDD', { overlapMs: 0, by: 'bob' }), false);
});

test('who did what with a webhook is in the audit trail, and no secret is', async () => {
  const { hook, change, webhooks, webhookQueue, deliveries, answers } = await world();
  const authorization = 'Bearer hush';
  await hook({ models: ['default/shop', 'default/host'], url: 'https://ops.example/hidden', authorization });
  assert.equal(await hook({ createdBy: 'eve' }), false);
  await webhooks.rotate('ops', 'whsec_BBBB', { overlapMs: 7_200_000, by: 'bob' });
  await webhooks.rotate('nobody', 'whsec_CCCC', { overlapMs: 0, by: 'eve' });
  await webhooks.tested('ops', { by: 'bob', delivered: false, message: 'it answered 500' });
  await change(1);
  assert.equal(await deliveries.redeliver('ops', 'dead', 'eve'), 0);
  await webhookQueue.giveUp({ maxAgeMs: 1e9, maxWaiting: 0 });
  await deliveries.redeliver('ops', 'dead', 'cat');
  await webhooks.remove('ops', 'dan');
  await webhooks.remove('ops', 'eve');
  const { items } = await answers.audit({ limit: 50 });
  assert.deepEqual(
    items.toReversed().map(({ person, action, subject, text }) => [person, action, subject, text]),
    [
      ['ann', 'webhook-created', 'ops', 'webhook, told of default/shop, default/host'],
      ['bob', 'webhook-secret-changed', 'ops', 'the old secret signs too for 2 h'],
      ['bob', 'webhook-tested', 'ops', 'it answered 500'],
      ['cat', 'webhook-redelivered', 'ops', 'everything dead: 1'],
      ['dan', 'webhook-removed', 'ops', 'with 1 that waited'],
    ],
  );
  for (const secret of ['whsec', 'hush', 'hidden'])
    assert.equal(JSON.stringify(items).includes(secret), false);
  const tests = await answers.audit({ action: 'webhook-tested', limit: 50 });
  assert.deepEqual(
    tests.items.map(({ person }) => person),
    ['bob'],
  );
  assert.equal((await answers.audit({ action: 'verdict', from: items[0]?.at, limit: 50 })).items.length, 0);
});

test('a webhook is removed while attempts at it are being settled, and neither waits for the other for ever', async () => {
  const { hook, change, webhookQueue: queue, webhooks } = await world();
  for (let round = 1; round <= 15; round += 1) {
    await hook();
    await change(2 * round);
    await change(2 * round + 1);
    const hold = { name: 'ops', holder: 'a', leaseMs };
    await queue.take('a', leaseMs);
    const claimed = (await queue.claim(hold, 5))?.deliveries ?? [];
    assert.equal(claimed.length, 2);
    const health = { ...hold, failure: null, pauseMs: 0, disabledWhy: null };
    const settlements = claimed.map((delivery) => settled(delivery, 'delivered'));
    const [, removed] = await Promise.all([queue.settle(settlements, health), webhooks.remove('ops', 'bob')]);
    assert.equal(removed, true);
  }
});
