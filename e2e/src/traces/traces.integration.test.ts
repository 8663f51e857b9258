import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AnomalyMessage, type ReadingInput, TokenResponse } from '@verdict/contracts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@verdict/process/testing';
import { io, type Socket } from 'socket.io-client';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { until } from '../platform/until.ts';

const sampleModel = fileURLToPath(new URL('../../../manifests/samples/default.yaml', import.meta.url));
const patienceMs = 120_000;
const series = 'traced/cart';
const everyMs = 10_000;
/** What a producer that traces itself says with its request. */
const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

let root: string;
let collector: OtlpReceiver | undefined;
let platform: RunningPlatform | undefined;
let socket: Socket | undefined;
let token: string;
/** A receiver of messages that refuses the first one. */
let receiver: Server | undefined;
let receiverPort = 0;
let received = 0;
const told: AnomalyMessage[] = [];
/** Part of its address, and a secret as such parts are. */
const hookKey = 'hook-key-4711';

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-traces-test-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(root, 0o711);
  const manifests = path.join(root, 'manifests');
  await mkdir(manifests);
  await copyFile(sampleModel, path.join(manifests, 'default.yaml'));
  collector = await startOtlpReceiver();
  receiver = createServer((request, response) => {
    received += 1;
    request.resume();
    response.writeHead(received === 1 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => receiver?.listen(0, '127.0.0.1', resolve));
  receiverPort = (receiver.address() as AddressInfo).port;
  platform = await startPlatform({
    dataFolder: path.join(root, 'data'),
    manifests,
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
      VERDICT_WEBHOOK_ALLOW: '127.0.0.1/32',
    },
  });
  const logIn = await fetch(`${platform.url}/auth/token`, {
    method: 'POST',
    body: JSON.stringify({ username: 'admin', password: adminPassword }),
    headers: { 'content-type': 'application/json' },
  });
  token = TokenResponse.parse(await logIn.json()).access_token;
});
after(async () => {
  socket?.disconnect();
  await platform?.stop();
  await collector?.close();
  receiver?.close();
  receiver?.closeAllConnections();
  await rm(root, { recursive: true, force: true });
});

async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(`${platform?.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.text()}`);
}

async function send(readings: readonly ReadingInput[], headers: Record<string, string> = {}): Promise<void> {
  for (let start = 0; start < readings.length; start += 500) {
    await post('/data', { readings: readings.slice(start, start + 500) }, headers);
  }
}

const spans = (): readonly ReceivedSpan[] => collector?.spans ?? [];
const serviceOf = ({ resource }: ReceivedSpan): unknown => resource['service.name'];

/** A span and everything that led to it, by parents and links. */
function causesOf(span: ReceivedSpan): ReceivedSpan[] {
  const byId = new Map(spans().map((one) => [one.spanId, one]));
  const found = new Set<ReceivedSpan>();
  const open = [span];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (found.has(one)) continue;
    found.add(one);
    for (const id of [one.parentSpanId, ...one.links.map(({ spanId }) => spanId)]) {
      const cause = id === undefined ? undefined : byId.get(id);
      if (cause !== undefined) open.push(cause);
    }
  }
  return [...found];
}

test('one trace leads from a request with readings to the anomaly in the browser', {
  timeout: 400_000,
}, async () => {
  const url = platform?.url ?? '';
  await post('/webhooks', {
    name: 'pager',
    url: `http://127.0.0.1:${receiverPort}/${hookKey}?key=${hookKey}`,
  });
  socket = io(url, { auth: { token }, transports: ['websocket'] });
  socket.on('anomaly', (message: AnomalyMessage) => void told.push(message));
  await until(
    patienceMs,
    async () => (socket?.connected ? true : null),
    () => 'no live connection',
  );

  const endMs = Date.now();
  const reading = (place: number, cpu: number): ReadingInput => ({
    series,
    time: new Date(endMs - place * everyMs).toISOString(),
    values: { cpu },
  });
  const usual = Array.from({ length: 1500 }, (_, index) =>
    reading(1520 - index, 50 + 3 * Math.sin(index / 9) + ((index * 7919) % 13) / 13),
  );
  await send(usual);
  await until(
    patienceMs,
    async () =>
      spans().some(({ name, attributes }) => name === 'commit' && Number(attributes['verdict.readings']) > 0)
        ? true
        : null,
    () => 'nothing was committed',
  );
  const unusual = Array.from({ length: 20 }, (_, index) => reading(20 - index, 500));
  await send(unusual, { traceparent });
  await until(
    patienceMs,
    async () => (told.some(({ anomaly }) => anomaly.series === series) ? true : null),
    () => `no anomaly was told:\n${platform?.output()}`,
  );

  const way = await until(
    patienceMs,
    async () => {
      const last = spans()
        .filter(({ name }) => name === 'tell connections')
        .map(causesOf);
      return (
        last.find((causes) => causes.some(({ parentSpanId }) => parentSpanId === 'b7ad6b7169203331')) ?? null
      );
    },
    () =>
      `no telling goes back to the request:\n${spans()
        .map(({ name }) => name)
        .join('\n')}`,
  );
  const stages = way.map((span) => `${serviceOf(span)}: ${span.name}`);
  for (const stage of [
    'verdict-gateway: POST /data',
    'verdict-gateway: publish readings',
    'verdict-detector: process readings',
    'verdict-detector: commit',
    'verdict-detector: notify',
    'verdict-gateway: POST /anomaly',
    'verdict-gateway: tell connections',
  ])
    assert.ok(stages.includes(stage), `${stage} in\n${stages.join('\n')}`);
  const request = way.find(({ name }) => name === 'POST /data');
  assert.equal(request?.traceId, traceId, 'the trace of the producer goes on');
  const batches = spans().filter(({ name }) => name === 'process readings');
  const scorings = spans().filter(({ name }) => name === 'score');
  assert.ok(batches.length < 100 && scorings.length < 300, 'spans are of batches, not of readings');
});

test('one trace leads from an answer to the memory of the detectors that follow it', {
  timeout: 400_000,
}, async () => {
  const anomaly = told.find((message) => message.anomaly.series === series)?.anomaly;
  assert.ok(anomaly, 'the test before this one was told of an anomaly');
  const answerTrace = 'f00dfacef00dfacef00dfacef00dface';
  const answer = { anomalyId: anomaly.id, verdict: 'false' };
  await post('/feedback', answer, { traceparent: `00-${answerTrace}-c7ad6b7169203331-01` });
  const way = await until(
    patienceMs,
    async () => {
      const taken = spans()
        .filter(({ name }) => name === 'take memory')
        .map(causesOf);
      return taken.find((causes) => causes.some(({ traceId: id }) => id === answerTrace)) ?? null;
    },
    () =>
      `no memory goes back to the answer:\n${spans()
        .filter(({ name }) => /answer|memory|FEEDBACK|feedback/.test(name))
        .map(({ name, traceId: id }) => `${name} ${id}`)
        .join('\n')}`,
  );
  const stages = way.map((span) => `${serviceOf(span)}: ${span.name}`);
  for (const stage of [
    'verdict-gateway: POST /feedback',
    'verdict-gateway: publish answer',
    'verdict-retrainer: record answers',
    'verdict-retrainer: follow answers',
    'verdict-retrainer: amend memory',
    'verdict-detector: take memory',
  ])
    assert.ok(stages.includes(stage), `${stage} in\n${stages.join('\n')}`);
  for (const span of way)
    assert.equal(span.traceId, answerTrace, `${span.name} is in the trace of its only cause`);
});

test('every attempt to tell a receiver is a span that says where to and what came of it, and nothing secret', {
  timeout: 400_000,
}, async () => {
  const attempts = await until(
    patienceMs,
    async () => {
      const found = spans().filter(({ name }) => name === 'send webhook');
      return found.some(({ attributes }) => Number(attributes['verdict.attempt']) > 1) ? found : null;
    },
    () => `only ${received} messages came`,
  );
  const ofAttempt = (number: number) =>
    attempts.find(({ attributes }) => Number(attributes['verdict.attempt']) === number)?.attributes;
  const [first, second] = [ofAttempt(1), ofAttempt(2)];
  assert.deepEqual(
    [first?.['server.address'], Number(first?.['server.port']), first?.['verdict.webhook']],
    ['127.0.0.1', receiverPort, 'pager'],
  );
  assert.deepEqual(
    [first, second].map((one) => [Number(one?.['http.response.status_code']), one?.['verdict.outcome']]),
    [
      [503, 'failed'],
      [200, 'delivered'],
    ],
  );
  for (const { kind, traceId: id } of attempts) assert.deepEqual([kind, id === traceId], [3, false]);
  const all = JSON.stringify(spans());
  for (const secret of [hookKey, adminPassword, token])
    assert.ok(!all.includes(secret), 'a span holds a secret');
});
