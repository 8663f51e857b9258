import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Anomaly } from '@verdict/contracts';
import { Webhook } from 'standardwebhooks';
import { alertOf, testAlert } from './alert.ts';
import { anomalyMessage, dashboardLinks, testMessage } from './webhook-message.ts';
import { newWebhookSecret, signedHeaders } from './webhook-secret.ts';

const nowMs = Date.UTC(2026, 10, 23, 12);
const at = (offsetMs: number) => new Date(nowMs + offsetMs).toISOString();
const anomaly: Anomaly = {
  id: 'a'.repeat(24),
  namespace: 'default',
  pool: 'shop',
  model: 'shop',
  modelVersion: 3,
  series: 'shop/cart',
  start: at(-60_000),
  end: at(-10_000),
  state: 'open',
  peak: { time: at(-30_000), score: 0.93 },
  signals: [{ signal: 'cpu', share: 1, value: 9, expected: 2, band: 1 }],
  patterns: [],
  revision: 2,
  verdicts: [{ person: 'ann', verdict: 'true', reason: null, comment: 'private', at: at(0) }],
};
const linkTo = dashboardLinks('https://verdict.example.com');
const context = { labels: { severity: 'page' }, nowMs, firesForMs: 240_000, linkTo };

test('an open anomaly is an alert that fires until it is not told again, and leads to the dashboard', () => {
  const { labels, startsAt, endsAt, generatorURL } = alertOf(anomaly, context);
  assert.deepEqual(labels, {
    severity: 'page',
    alertname: 'VerdictAnomaly',
    namespace: 'default',
    model: 'shop',
    pool: 'shop',
    series: 'shop/cart',
    anomaly: anomaly.id,
  });
  assert.deepEqual([startsAt, endsAt], [at(-60_000), at(240_000)]);
  assert.equal(generatorURL, `https://verdict.example.com/ui/inbox?anomaly=${anomaly.id}`);
  assert.equal('generatorURL' in alertOf(anomaly, { ...context, linkTo: dashboardLinks(undefined) }), false);
});

test('a closed anomaly is an alert that is over, whatever the clocks of producers say', () => {
  const closed = { ...anomaly, state: 'closed' as const };
  assert.equal(alertOf(closed, context).endsAt, at(-10_000));
  const ahead = alertOf({ ...closed, start: at(50_000), end: at(90_000) }, context);
  assert.deepEqual([ahead.startsAt, ahead.endsAt], [at(0), at(0)]);
  const backwards = alertOf({ ...closed, end: at(-99_000) }, context);
  assert.ok(backwards.endsAt >= backwards.startsAt);
});

test('an alert and its end carry the same labels, for they say which alert it is', () => {
  const closed = alertOf(
    { ...anomaly, state: 'closed', revision: 9, peak: { time: at(0), score: 1 } },
    context,
  );
  assert.deepEqual(closed.labels, alertOf(anomaly, context).labels);
  assert.equal(testAlert('ops', context).labels.alertname, 'VerdictTest');
});

test('a message tells the anomaly and its place in the dashboard, and nothing that people said of it', () => {
  const message = anomalyMessage(anomaly, { kind: 'opened', atMs: nowMs }, linkTo);
  assert.equal(message.type, 'anomaly.opened');
  assert.equal(message.timestamp, at(0));
  assert.equal(message.data.url, `https://verdict.example.com/ui/inbox?anomaly=${anomaly.id}`);
  assert.doesNotMatch(JSON.stringify(message), /ann|private/);
  assert.equal(testMessage(nowMs, linkTo).data.anomaly, null);
});

test('signatures are those of Standard Webhooks: its own library takes them, and no others', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()];
  const body = JSON.stringify(anomalyMessage(anomaly, { kind: 'closed', atMs: nowMs }, linkTo));
  const headers = signedHeaders({ id: 'anomaly_1_closed', body }, secrets, Date.now());
  for (const secret of secrets) assert.deepEqual(new Webhook(secret).verify(body, headers), JSON.parse(body));
  assert.throws(() => new Webhook(newWebhookSecret()).verify(body, headers));
  assert.throws(() => new Webhook(secrets[0] ?? '').verify(`${body} `, headers));
  const old = signedHeaders({ id: 'x', body }, secrets, Date.now() - 3_600_000);
  assert.throws(() => new Webhook(secrets[0] ?? '').verify(body, old));
});
