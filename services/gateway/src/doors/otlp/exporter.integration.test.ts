import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { systemClock } from '@verdict/process';
import { caller, type Platform, startPlatform } from '../../gateway.fixture.ts';
import { blocksInDataHub } from '../../readings/data-hub.fixture.ts';

let platform: Platform;
let url: string;

before(async () => {
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
});
after(() => platform.stop());

/** Signals and values of the readings of a series, in order; what was sent again counts once, as for a detector. */
async function readingsOf(series: string): Promise<Record<string, number | undefined>[]> {
  const found = new Map<number, Record<string, number | undefined>>();
  for (const block of await blocksInDataHub(platform)) {
    if (block.series !== series) continue;
    for (const [row, timeMs] of block.times.entries())
      found.set(
        timeMs,
        Object.fromEntries(
          block.signals.map((signal, at) => [signal, block.values[row * block.signals.length + at]]),
        ),
      );
  }
  return [...found.values()];
}

for (const [name, temporalityPreference] of [
  ['cumulative', AggregationTemporality.CUMULATIVE],
  ['delta', AggregationTemporality.DELTA],
] as const)
  test(`what the SDK of OpenTelemetry exports (${name}) arrives as readings of its service`, async () => {
    const exporter = new OTLPMetricExporter({
      url: `${url}/v1/metrics`,
      headers: { authorization: `Bearer ${await platform.token('producer', 'ingest')}` },
      temporalityPreference,
      timeoutMillis: 30_000,
    });
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.namespace': 'shop', 'service.name': name }),
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
    });
    const meter = provider.getMeter('shop');
    const requests = meter.createCounter('requests');
    const latency = meter.createHistogram('latency');
    const stock = meter.createGauge('stock');
    for (const round of [1, 2]) {
      requests.add(10, { code: '200' });
      requests.add(10, { code: '500' });
      latency.record(0.5);
      stock.record(40 + round);
      // An increase within one millisecond has no rate.
      await systemClock.sleep(20);
      await provider.forceFlush();
    }
    await provider.shutdown();
    const readings = await readingsOf(`shop/${name}`);
    assert.deepEqual(
      readings.slice(0, 2).map(({ stock: value }) => value),
      [41, 42],
    );
    const [first = {}, second = {}] = readings;
    // A counter needs two samples; an increase says all by itself.
    assert.deepEqual(
      Object.keys(first).sort(),
      name === 'delta' ? ['latency_count', 'latency_sum', 'requests', 'stock'] : ['stock'],
    );
    const { requests: rate = 0, latency_count: count = 0, latency_sum: total = 0 } = second;
    assert.ok(rate > 0 && Math.abs(rate / count - 20) < 0.01, `${rate} ${count}`);
    assert.ok(Math.abs(total / count - 0.5) < 1e-6);
    const { body } = await caller(url)('GET', '/metrics');
    assert.match(body, /verdict_gateway_door_samples_total\{door="otlp",outcome="taken"\} \d+/);
  });

test('the doors are in the documentation, and only producers may come in', async () => {
  const { body } = await caller(url)('GET', '/openapi.json');
  assert.deepEqual(Object.keys(body.paths['/api/v1/write'].post.requestBody.content), [
    'application/x-protobuf',
  ]);
  for (const path of ['/api/v1/write', '/v1/metrics']) {
    const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
    assert.equal((await caller(url)('POST', path, '', headers)).status, 401);
    const viewer = caller(url, await platform.token('vic', 'viewer'));
    assert.equal((await viewer('POST', path, '', headers)).status, 403);
  }
});
