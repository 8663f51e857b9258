import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { WebhookMessage } from '@verdict/contracts';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../gateway.fixture.ts';
import type { ReceivedMessage, Receiver } from './receiver.fixture.ts';
import { hasty, webhookWorld } from './webhook-world.fixture.ts';

const world = webhookWorld();
let lastName = 0;
let lastAnomaly = 0;
const newName = () => `hook-${++lastName}`;
const nextAnomaly = () => ++lastAnomaly;
const idsOf = (messages: readonly ReceivedMessage[]) => messages.map(({ headers }) => headers['webhook-id']);
const count = (receiver: Receiver, messages: number) =>
  eventually(() => receiver.messages.length >= messages);

test('opened and closed anomalies are told, signed, in order, with a link, and never a secret', async () => {
  const { url, admin, stop } = await world.gateway();
  const receiver = await world.receiver();
  const name = newName();
  const made = await admin('POST', '/webhooks', {
    name,
    url: receiver.url,
    authorization: 'Bearer hush-hush',
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { secret } = made.body;
  assert.match(secret, /^whsec_[\w+/=]{44}$/);
  assert.equal((await admin('POST', '/webhooks', { name, url: receiver.url })).status, 409);
  const number = nextAnomaly();
  const id = await world.change(url, number);
  await world.change(url, number, 'closed');
  await count(receiver, 2);
  assert.deepEqual(idsOf(receiver.messages), [`anomaly_${id}_opened`, `anomaly_${id}_closed`]);
  for (const { headers, body, path } of receiver.messages) {
    const verified = WebhookMessage.parse(
      new Webhook(secret).verify(body, headers as Record<string, string>),
    );
    assert.equal(verified.data.anomaly?.id, id);
    assert.equal(verified.data.url, `https://verdict.test/ui/inbox?anomaly=${id}`);
    assert.equal(path, '/hook');
    assert.equal(headers.authorization, 'Bearer hush-hush');
  }
  await eventually(
    async () => (await admin('GET', `/webhooks/${name}/deliveries?state=delivered`)).body.items.length === 2,
  );
  const page = (await admin('GET', `/webhooks/${name}/deliveries?limit=1`)).body;
  assert.deepEqual([page.items[0].type, page.items[0].status], ['anomaly.closed', 204]);
  const rest = (await admin('GET', `/webhooks/${name}/deliveries?limit=1&before=${page.next}`)).body;
  assert.deepEqual([rest.items[0].type, rest.next], ['anomaly.opened', null]);
  const seen = JSON.stringify([(await admin('GET', '/webhooks')).body, page, rest]);
  const metrics = (await admin('GET', '/metrics')).body;
  const log = await readFile(world.logFile, 'utf8');
  for (const text of [seen, metrics, log])
    assert.equal(
      text.includes('whsec_') || text.includes(secret.slice(6)) || text.includes('hush-hush'),
      false,
    );
  assert.equal(log.includes(receiver.url), false);
  assert.match(metrics, new RegExp(`webhook_attempts_total\\{webhook="${name}",outcome="delivered"\\} 2`));
  assert.equal((await admin('DELETE', `/webhooks/${name}`)).status, 200);
  assert.equal((await admin('DELETE', `/webhooks/${name}`)).status, 404);
  await stop();
});

test('receivers that hang, fail, redirect, refuse connections or answer without end delay nobody else', async () => {
  const { url, admin, stop } = await world.gateway();
  const good = await world.receiver();
  const elsewhere = await world.receiver();
  const bad = await Promise.all(Array.from({ length: 4 }, () => world.receiver()));
  const [hanging, failing, redirecting, flooding] = bad as [Receiver, Receiver, Receiver, Receiver];
  hanging.behave('hang');
  failing.behave({ status: 500 });
  redirecting.behave({ status: 307, headers: { location: elsewhere.url } });
  flooding.behave('flood');
  const closed = await world.receiver();
  await closed.close();
  const names = new Map<Receiver, string>();
  for (const receiver of [...bad, closed, good]) {
    const name = newName();
    names.set(receiver, name);
    assert.equal((await admin('POST', '/webhooks', { name, url: receiver.url })).status, 201);
  }
  const numbers = Array.from({ length: 20 }, nextAnomaly);
  const startedMs = performance.now();
  for (const number of numbers) await world.change(url, number);
  await count(good, 20);
  const tookMs = performance.now() - startedMs;
  const waiting = async (receiver: Receiver): Promise<number> =>
    (await admin('GET', '/webhooks')).body.items.find(
      (one: { name: string }) => one.name === names.get(receiver),
    ).waiting;
  // The hanging one alone would have taken 20 s.
  assert.ok((await waiting(hanging)) >= 15, `nothing waits after ${tookMs} ms`);
  await eventually(() => failing.messages.length >= 3 && redirecting.messages.length >= 3);
  assert.equal(elsewhere.messages.length, 0, 'a redirect was followed');
  await count(flooding, 20);
  assert.ok(flooding.flooded() < 20 * 4_000_000, `${flooding.flooded()} bytes`);
  const kinds = [/no answer within 1 s/, /answered 500/, /redirects are not followed/, /ECONNREFUSED/];
  await eventually(async () => {
    const failures = (await admin('GET', '/webhooks')).body.items
      .filter(({ state }: { state: string }) => state === 'failing')
      .map(({ lastFailure }: { lastFailure: { message: string } }) => lastFailure.message);
    return kinds.every((kind) => failures.some((message: string) => kind.test(message)));
  });
  // Back again, everything comes, with the ids of the first attempts.
  for (const receiver of [hanging, failing, redirecting]) receiver.behave({ status: 200 });
  for (const receiver of [hanging, failing, redirecting]) {
    await eventually(async () => (await waiting(receiver)) === 0);
    assert.equal(new Set(idsOf(receiver.messages)).size, 20);
  }
  assert.equal(good.messages.length, 20);
  for (const name of names.values()) await admin('DELETE', `/webhooks/${name}`);
  await stop();
});

test('what was given up is listed as dead, and sent again when asked for', async () => {
  const { url, admin, stop } = await world.gateway({ ...hasty, mostAttempts: 2 });
  const receiver = await world.receiver();
  receiver.behave({ status: 503 });
  const name = newName();
  await admin('POST', '/webhooks', { name, url: receiver.url });
  const id = await world.change(url, nextAnomaly());
  const dead = await eventually(async () => {
    const { items } = (await admin('GET', `/webhooks/${name}/deliveries?state=dead`)).body;
    return items[0];
  });
  const { anomalyId, attempts, status, message, dueAt } = dead;
  assert.deepEqual(
    { anomalyId, attempts, status, message, dueAt },
    { anomalyId: id, attempts: 2, status: 503, message: 'it answered 503', dueAt: null },
  );
  receiver.behave({ status: 200 });
  assert.deepEqual((await admin('POST', `/webhooks/${name}/redeliveries`, { all: 'dead' })).body, {
    count: 1,
  });
  await count(receiver, 3);
  assert.equal(new Set(idsOf(receiver.messages)).size, 1);
  await eventually(
    async () => (await admin('GET', `/webhooks/${name}/deliveries?state=delivered`)).body.items.length === 1,
  );
  assert.equal((await admin('POST', `/webhooks/${name}/redeliveries`, { delivery: dead.id })).status, 202);
  await count(receiver, 4);
  assert.equal((await admin('POST', `/webhooks/${name}/redeliveries`, { delivery: 1e9 })).status, 404);
  await admin('DELETE', `/webhooks/${name}`);
  await stop();
});

test('two gateways send each message once, and what one leaves behind the other one sends', async () => {
  const one = await world.gateway();
  const two = await world.gateway();
  const receiver = await world.receiver();
  receiver.behave({ status: 200, afterMs: 15 });
  const name = newName();
  await one.admin('POST', '/webhooks', { name, url: receiver.url });
  const numbers = Array.from({ length: 60 }, nextAnomaly);
  for (const number of numbers) await world.change(number % 2 === 0 ? one.url : two.url, number);
  await count(receiver, 60);
  assert.equal(new Set(idsOf(receiver.messages)).size, 60);
  // Now the one that holds it ends in the middle.
  receiver.behave('hang');
  const before = receiver.messages.length;
  const late = Array.from({ length: 5 }, nextAnomaly);
  for (const number of late) await world.change(one.url, number);
  await count(receiver, before + 1);
  await one.stop();
  receiver.behave({ status: 200 });
  await eventually(() => new Set(idsOf(receiver.messages)).size === 65);
  await two.admin('DELETE', `/webhooks/${name}`);
  await two.stop();
  assert.equal(receiver.messages.slice(0, before).length, 60, 'none came twice while both were well');
});

test('messages wait in the database while no gateway runs', async () => {
  const first = await world.gateway();
  const receiver = await world.receiver();
  receiver.behave({ status: 500 });
  const name = newName();
  await first.admin('POST', '/webhooks', { name, url: receiver.url });
  const id = await world.change(first.url, nextAnomaly());
  await count(receiver, 1);
  await first.stop();
  receiver.behave({ status: 200 });
  const before = receiver.messages.length;
  const second = await world.gateway();
  await count(receiver, before + 1);
  assert.deepEqual(new Set(idsOf(receiver.messages)), new Set([`anomaly_${id}_opened`]));
  await second.admin('DELETE', `/webhooks/${name}`);
  await second.stop();
});

test('a webhook of one model hears of no other, and 410 ends it until a test passes', async () => {
  const { url, admin, stop } = await world.gateway();
  const [shop, other] = [await world.receiver(), await world.receiver()];
  const [name, otherName] = [newName(), newName()];
  await admin('POST', '/webhooks', { name, url: shop.url, models: ['shop'] });
  await admin('POST', '/webhooks', { name: otherName, url: other.url, models: ['else/shop', 'baskets'] });
  shop.behave({ status: 410 });
  await world.change(url, nextAnomaly());
  const stateOf = async (): Promise<string> =>
    (await admin('GET', '/webhooks')).body.items.find((one: { name: string }) => one.name === name).state;
  await eventually(async () => (await stateOf()) === 'disabled');
  await world.change(url, nextAnomaly());
  assert.equal(shop.messages.length, 1);
  assert.equal((await admin('POST', `/webhooks/${name}/tests`)).body.delivered, false);
  shop.behave({ status: 200 });
  const tested = (await admin('POST', `/webhooks/${name}/tests`)).body;
  assert.deepEqual([tested.delivered, tested.status], [true, 200]);
  assert.equal(JSON.parse(shop.messages.at(-1)?.body ?? '').type, 'webhook.test');
  assert.equal(await stateOf(), 'active');
  const id = await world.change(url, nextAnomaly());
  await eventually(() => idsOf(shop.messages).includes(`anomaly_${id}_opened`));
  assert.equal(other.messages.length, 0);
  for (const each of [name, otherName]) await admin('DELETE', `/webhooks/${each}`);
  await stop();
});

test('a secret is changed with an overlap, in which messages are signed with both', async () => {
  const { url, admin, stop } = await world.gateway();
  const receiver = await world.receiver();
  const name = newName();
  const { secret: old } = (await admin('POST', '/webhooks', { name, url: receiver.url })).body;
  const { secret: next } = (await admin('POST', `/webhooks/${name}/rotations`, { overlapHours: 1 })).body;
  await world.change(url, nextAnomaly());
  await count(receiver, 1);
  const { secret: last } = (await admin('POST', `/webhooks/${name}/rotations`, { overlapHours: 0 })).body;
  await world.change(url, nextAnomaly());
  await count(receiver, 2);
  const verifies = (index: number, secret: string): boolean => {
    const { body, headers } = receiver.messages[index] as ReceivedMessage;
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  assert.deepEqual([verifies(0, old), verifies(0, next), verifies(0, last)], [true, true, false]);
  assert.deepEqual([verifies(1, old), verifies(1, next), verifies(1, last)], [false, false, true]);
  assert.equal((await admin('DELETE', `/webhooks/${name}`)).status, 200);
  const { items } = (await admin('GET', '/feedback/audit?limit=100')).body;
  const trail = items.filter(({ subject }: { subject: string }) => subject === name);
  assert.deepEqual(
    trail.map(({ person, action }: { person: string; action: string }) => [person, action]),
    [
      ['ann', 'webhook-removed'],
      ['ann', 'webhook-secret-changed'],
      ['ann', 'webhook-secret-changed'],
      ['ann', 'webhook-created'],
    ],
  );
  for (const secret of [old, next, last, receiver.url])
    assert.equal(JSON.stringify(items).includes(secret), false);
  await stop();
});

test('addresses inside our own networks are refused, at once or when their name is looked up', async () => {
  const { admin, stop } = await world.gateway(hasty, '');
  const receiver = await world.receiver();
  const literal = await admin('POST', '/webhooks', { name: newName(), url: receiver.url });
  assert.equal(literal.status, 400);
  assert.match(literal.body.errors[0].message, /VERDICT_WEBHOOK_ALLOW/);
  const name = newName();
  const url = receiver.url.replace('127.0.0.1', 'localhost');
  assert.equal((await admin('POST', '/webhooks', { name, url })).status, 201);
  const { body } = await admin('POST', `/webhooks/${name}/tests`);
  assert.deepEqual([body.delivered, body.status], [false, null]);
  assert.match(body.message, /inside our own networks/);
  assert.equal(receiver.messages.length, 0);
  for (const wrong of ['ftp://x.example/', 'https://ann:secret@x.example/', 'x'])
    assert.equal((await admin('POST', '/webhooks', { name: newName(), url: wrong })).status, 400, wrong);
  await admin('DELETE', `/webhooks/${name}`);
  await stop();
});
