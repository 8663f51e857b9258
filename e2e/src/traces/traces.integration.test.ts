import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type AnomalyMessage, type ReadingInput, TokenResponse } from '@verdict/contracts';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@verdict/process/testing';
import { io, type Socket } from 'socket.io-client';
import { adminPassword, type RunningPlatform, startPlatform, until } from '../platform/start-platform.ts';

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

before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-traces-test-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(root, 0o711);
  const manifests = path.join(root, 'manifests');
  await mkdir(manifests);
  await copyFile(sampleModel, path.join(manifests, 'default.yaml'));
  collector = await startOtlpReceiver();
  platform = await startPlatform({
    dataFolder: path.join(root, 'data'),
    manifests,
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '200' },
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
  await rm(root, { recursive: true, force: true });
});

async function send(readings: readonly ReadingInput[], headers: Record<string, string> = {}): Promise<void> {
  for (let start = 0; start < readings.length; start += 500) {
    const answer = await fetch(`${platform?.url}/data`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ readings: readings.slice(start, start + 500) }),
    });
    assert.equal(answer.status, 202, await answer.text());
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
  const told: AnomalyMessage[] = [];
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
