import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../gateway.fixture.ts';
import type { Alert } from './alert.ts';
import { alertmanagerMissing, startAlertmanager } from './alertmanager.fixture.ts';
import type { ReceivedMessage } from './receiver.fixture.ts';
import { hasty, webhookWorld } from './webhook-world.fixture.ts';

const world = webhookWorld();
const epochMs = ({ atMs }: ReceivedMessage): number => performance.timeOrigin + atMs;
const alertsOf = ({ body }: ReceivedMessage): Alert[] => JSON.parse(body);

test('an Alertmanager is told of an anomaly again and again while it is open, and of its end', async () => {
  const { url, admin, stop } = await world.gateway({ ...hasty, refreshMs: 300 });
  const receiver = await world.receiver();
  const before = await world.change(url, 1);
  const made = await admin('POST', '/webhooks', {
    name: 'am',
    kind: 'alertmanager',
    url: `${receiver.url}/prefix/`,
    labels: { severity: 'page' },
    models: ['shop'],
  });
  assert.deepEqual([made.status, made.body.secret], [201, null]);
  // What was open before it was made, is told too.
  await eventually(() => receiver.messages.length >= 2);
  for (const message of receiver.messages) {
    assert.equal(message.path, '/hook/prefix/api/v2/alerts');
    const [alert] = alertsOf(message);
    assert.equal(alert?.labels.anomaly, before);
    assert.equal(alert?.labels.severity, 'page');
    assert.ok(Date.parse(alert?.endsAt ?? '') > epochMs(message));
  }
  await world.change(url, 1, 'closed');
  const closed = await eventually(() =>
    receiver.messages.find((one) => alertsOf(one).some(({ endsAt }) => Date.parse(endsAt) <= epochMs(one))),
  );
  assert.deepEqual(
    alertsOf(closed).map(({ labels }) => labels.anomaly),
    [before],
  );
  const told = receiver.messages.indexOf(closed);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const later = receiver.messages.slice(told + 1).flatMap(alertsOf);
  assert.equal(later.length, 0, 'a closed anomaly fired again');
  await admin('DELETE', '/webhooks/am');
  await stop();
});

test('a bad label of an Alertmanager is refused, and so are labels of a webhook', async () => {
  const { admin, stop } = await world.gateway();
  const make = (more: object) =>
    admin('POST', '/webhooks', { name: 'x', kind: 'alertmanager', url: 'http://127.0.0.1:1/', ...more });
  for (const labels of [{ series: 'mine' }, { 'a-b': 'x' }, { __a: 'x' }, { a: '' }])
    assert.equal((await make({ labels })).status, 400, JSON.stringify(labels));
  assert.equal((await make({ kind: 'webhook', labels: { a: 'b' } })).status, 400);
  assert.equal((await make({ models: ['Not A Model'] })).status, 400);
  assert.equal((await make({ authorization: 'a\r\nb: c' })).status, 400);
  await stop();
});

test('a real Alertmanager shows the alert, routes it on, and resolves it', {
  skip: alertmanagerMissing,
}, async (context) => {
  const pager = await world.receiver();
  const alertmanager = await startAlertmanager(pager.url);
  context.after(() => alertmanager.stop());
  const { url, admin, stop } = await world.gateway({ ...hasty, timeoutMs: 10_000, refreshMs: 2000 });
  const body = { name: 'real', kind: 'alertmanager', url: alertmanager.url, labels: { severity: 'page' } };
  assert.equal((await admin('POST', '/webhooks', body)).status, 201);
  const tested = (await admin('POST', '/webhooks/real/tests')).body;
  assert.deepEqual([tested.delivered, tested.status], [true, 200], tested.message);
  const id = await world.change(url, 2);
  const shown = await eventually(async () =>
    (await alertmanager.firing()).find(({ labels }) => labels.anomaly === id),
  );
  assert.deepEqual(shown.labels, {
    alertname: 'VerdictAnomaly',
    namespace: 'default',
    model: 'shop',
    pool: 'shop',
    series: 'shop/cart',
    anomaly: id,
    severity: 'page',
  });
  assert.equal(shown.generatorURL, `https://verdict.test/ui/inbox?anomaly=${id}`);
  assert.match(shown.annotations.summary ?? '', /shop\/cart is unlike normal/);
  await world.change(url, 2, 'closed');
  await eventually(async () => !(await alertmanager.firing()).some(({ labels }) => labels.anomaly === id));
  const told = () =>
    pager.messages
      .map((one) => JSON.parse(one.body))
      .filter(({ alerts }) => alerts.some(({ labels }: Alert) => labels.anomaly === id))
      .map(({ status }) => status);
  await eventually(() => told().includes('resolved'));
  assert.deepEqual(told(), ['firing', 'resolved']);
  await admin('DELETE', '/webhooks/real');
  await stop();
});
