import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type History, readingFlags, TokenResponse } from '@verdict/contracts';
import { createPlatformClient } from '@verdict/platform-client';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { until } from '../platform/until.ts';
import { prometheusMissing } from './find-prometheus.ts';
import { type RunningPrometheus, startPrometheus } from './start-prometheus.ts';

/** Long enough for a busy machine; nothing waits for it to pass. */
const patienceMs = 240_000;

const sampleModel = fileURLToPath(new URL('../../../manifests/samples/default.yaml', import.meta.url));

/** Metrics of a small shop: 20 orders a second of each kind, a queue that breathes, and a histogram. */
function startShop(): Promise<Server> {
  const startedMs = performance.now();
  const server = createServer((_request, response) => {
    const seconds = (performance.now() - startedMs) / 1000;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(
      [
        '# TYPE shop_queue gauge',
        `shop_queue{shard="a"} ${100 + 10 * Math.sin(seconds)}`,
        `shop_queue{shard="b"} ${100 - 10 * Math.sin(seconds)}`,
        '# TYPE shop_orders_total counter',
        `shop_orders_total{code="200"} ${Math.floor(seconds * 20)}`,
        `shop_orders_total{code="500"} ${Math.floor(seconds * 20)}`,
        '# TYPE shop_seconds histogram',
        `shop_seconds_bucket{le="1"} ${Math.floor(seconds * 40)}`,
        `shop_seconds_bucket{le="+Inf"} ${Math.floor(seconds * 40)}`,
        `shop_seconds_sum ${seconds * 4}`,
        `shop_seconds_count ${Math.floor(seconds * 40)}`,
        '# TYPE shop_nothing gauge',
        'shop_nothing NaN',
        '',
      ].join('\n'),
    );
  });
  server.listen(0, '127.0.0.1');
  return once(server, 'listening').then(() => server);
}

describe('a real Prometheus', { skip: prometheusMissing, timeout: 420_000 }, () => {
  let root: string | undefined;
  let platform: RunningPlatform | undefined;
  let prometheus: RunningPrometheus | undefined;
  let shop: Server | undefined;

  after(async () => {
    await prometheus?.stop();
    await platform?.stop();
    shop?.closeAllConnections();
    shop?.close();
    if (root !== undefined) await rm(root, { recursive: true, force: true });
  });

  test('writes what it scrapes, and it is scored as one series with a signal per metric', async () => {
    root = await mkdtemp(path.join(tmpdir(), 'verdict-prometheus-test-'));
    // Root hands PostgreSQL to another user, who must be able to pass through.
    await chmod(root, 0o711);
    shop = await startShop();
    // The model for everything that no other one wants is enough.
    const manifests = path.join(root, 'manifests');
    await mkdir(manifests);
    await copyFile(sampleModel, path.join(manifests, 'default.yaml'));
    platform = await startPlatform({ dataFolder: path.join(root, 'data'), manifests });
    const { url } = platform;
    const credentials = { username: 'admin', password: adminPassword };
    const client = createPlatformClient({ url, credentials });
    const logIn = await fetch(`${url}/auth/token`, {
      method: 'POST',
      body: JSON.stringify(credentials),
      headers: { 'content-type': 'application/json' },
    });
    const { access_token: token } = TokenResponse.parse(await logIn.json());
    const folder = path.join(root, 'prometheus');
    await mkdir(folder);
    prometheus = await startPrometheus({
      folder,
      target: `127.0.0.1:${(shop.address() as AddressInfo).port}`,
      labels: { namespace: 'fleet', pod: 'cart-7d9f8b6c5d-x2x4z' },
      verdictUrl: url,
      token,
    });

    const said = prometheus.output;
    const scored = (history: History): number =>
      history.flags.filter((flags) => (flags & readingFlags.warming) === 0).length;
    const history = await until(
      patienceMs,
      async () => {
        const known = (await client.series({ search: 'fleet/cart' })).items;
        if (known[0]?.state !== 'scored') return null;
        const found = await client.history('fleet/cart', { points: 0 });
        return scored(found) >= 20 ? found : null;
      },
      () => `fleet/cart was not scored:\n${said()}`,
    );

    const signals = new Map(history.signals.map(({ signal, value }) => [signal, value]));
    // Prometheus itself adds `up` and figures about the scrape, which are ignored.
    assert.deepEqual([...signals.keys()].sort(), [
      'shop_orders_total',
      'shop_queue',
      'shop_seconds_count',
      'shop_seconds_sum',
      'up',
    ]);
    const middle = (signal: string): number => {
      const values = (signals.get(signal) ?? []).filter((value) => value !== null);
      return values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
    };
    const isNear = (signal: string, expected: number, tolerance: number): void =>
      assert.ok(Math.abs(middle(signal) - expected) <= tolerance, `${signal}: ${middle(signal)}`);
    // The sum of two counters' rates, the mean of two gauges.
    isNear('shop_orders_total', 40, 12);
    isNear('shop_queue', 100, 0.01);
    isNear('shop_seconds_sum', 4, 1.5);
    // A busy machine may miss a scrape, but not all.
    assert.ok(signals.get('up')?.includes(1));
    assert.ok(history.score.every((score) => score >= 0 && score <= 1));
    assert.ok(new Set(history.times).size === history.times.length);

    const own = await prometheus.metrics();
    for (const [, count] of own.matchAll(/^prometheus_remote_storage_samples_failed_total\{.*\} (\S+)$/gm))
      assert.equal(Number(count), 0, said());
    const ours = await (await fetch(`${url}/metrics`)).text();
    for (const outcome of ['taken', 'ignored', 'first_of_counter', 'not_a_number'])
      assert.match(ours, new RegExp(`door="remote_write",outcome="${outcome}"\\} [1-9]`));
  });
});
