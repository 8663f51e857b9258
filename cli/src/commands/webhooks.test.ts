import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runCommand, testGateway } from '../testing/run-command.ts';

test('a webhook is added, with its secret alone on stdout, and listed without it', async (context) => {
  const { url, webhooks } = await testGateway(context);
  const none = await runCommand(['webhooks', '--url', url]);
  assert.match(none.stdout, /Nobody is told/);
  const added = await runCommand([
    ...['webhooks', 'add', 'on-call', 'https://hooks.example.com/x'],
    ...['--model', 'shop', 'team/baskets', '--url', url],
  ]);
  assert.equal(added.code, 0, added.stderr);
  assert.equal(added.stdout, 'whsec_c2VjcmV0\n');
  assert.match(added.stderr, /on-call is told of anomalies of default\/shop, team\/baskets.*not shown again/);
  const [webhook] = webhooks;
  if (webhook === undefined) throw new Error('it was not made');
  webhook.lastFailure = { at: '2026-11-22T10:11:12.000Z', message: 'it answered 500' };
  const listed = await runCommand(['webhooks', '--url', url]);
  assert.match(listed.stdout, /on-call +webhook +active +default\/shop,team\/baskets +0 +0 +-/);
  assert.doesNotMatch(listed.stdout, /whsec/);
});

test('an Alertmanager gets labels, and what stands in a file as its authorization', async (context) => {
  const { url, webhooks } = await testGateway(context);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'verdict-cli-'));
  context.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'token');
  await writeFile(file, 'Bearer abc\n');
  const add = (...more: string[]) =>
    runCommand(['webhooks', 'add', 'am', 'http://am:9093', '--alertmanager', '--url', url, ...more]);
  assert.equal((await add('--label', 'severity')).code, 2);
  const added = await add('--label', 'severity=page', 'team=a=b', '--authorization-file', file);
  assert.equal(added.code, 0, added.stderr);
  assert.equal(added.stdout, '');
  assert.deepEqual(webhooks[0]?.labels, { severity: 'page', team: 'a=b' });
  assert.equal(webhooks[0]?.authorizationValue, 'Bearer abc');
});

test('a test says what came of it, by its exit code too', async (context) => {
  const gateway = await testGateway(context);
  const { url } = gateway;
  await runCommand(['webhooks', 'add', 'on-call', 'https://x.example/', '--url', url]);
  const good = await runCommand(['webhooks', 'test', 'on-call', '--url', url]);
  assert.deepEqual([good.code, good.stdout], [0, 'on-call: it answered 204, after 7 ms.\n']);
  gateway.tested = { delivered: false, status: null, message: 'no answer within 10 s', tookMs: 10_000 };
  const bad = await runCommand(['webhooks', 'test', 'on-call', '--url', url]);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /no answer within 10 s/);
  assert.equal((await runCommand(['webhooks', 'test', 'nobody', '--url', url])).code, 1);
});

test('dead deliveries are listed and sent again; secrets change; webhooks go', async (context) => {
  const gateway = await testGateway(context);
  const { url, deliveries } = gateway;
  await runCommand(['webhooks', 'add', 'on-call', 'https://x.example/', '--url', url]);
  deliveries.push({
    id: 41,
    anomalyId: 'a'.repeat(24),
    type: 'anomaly.opened',
    state: 'dead',
    attempts: 32,
    createdAt: '2026-11-22T10:11:12.000Z',
    dueAt: null,
    endedAt: '2026-11-23T10:11:12.000Z',
    status: 503,
    message: 'it answered 503',
  });
  const listed = await runCommand(['webhooks', 'deliveries', 'on-call', '--state', 'dead', '--url', url]);
  assert.match(listed.stdout, /41 +dead +anomaly.opened +a{24} +32 +2026-11-22 10:11 +- +it answered/);
  assert.match(gateway.asked.at(-1) ?? '', /deliveries\?state=dead&limit=50/);
  const all = await runCommand(['webhooks', 'redeliver', 'on-call', '--url', url]);
  assert.equal(all.stdout, '1 on their way again.\n');
  await runCommand(['webhooks', 'redeliver', 'on-call', '41', '--url', url]);
  assert.deepEqual(gateway.redelivered, [{ all: 'dead' }, { delivery: 41 }]);
  const rotated = await runCommand(['webhooks', 'rotate', 'on-call', '--overlap', '2d', '--url', url]);
  assert.equal(rotated.stdout, 'whsec_48h\n');
  const removed = await runCommand(['webhooks', 'remove', 'on-call', '--url', url]);
  assert.equal(removed.stdout, 'on-call is removed.\n');
  assert.deepEqual(gateway.webhooks, []);
});
