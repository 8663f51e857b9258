import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../platform/until.ts';
import { type AnomalySource, announce, anomalySource } from './anomaly-source.ts';
import { LiveClient, logIn } from './live-client.ts';
import { type Gateways, startGateways } from './start-gateways.ts';

const users = [
  { username: 'vic', password: 'long enough for one', roles: ['viewer'] },
  { username: 'detector', password: 'long enough for one', roles: ['service'] },
] as const;

let gateways: Gateways;
let source: AnomalySource;

before(async () => {
  gateways = await startGateways(1, users);
  source = await anomalySource(gateways.stores);
});
after(() => gateways.stop());

/** Value of a metric of the gateway. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${gateways.all[0]?.url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
}

const changesAtOnce = 50;
const signals = 100;
/** What one connection may have waiting, beside what the system's own buffers take. */
const mostWaitingBytes = 1024 * 1024;
const mib = 1024 * 1024;

test('a client that stops reading is cut off before it costs much, harms nobody, and catches up when it is back', async (t) => {
  const url = gateways.all[0]?.url ?? '';
  const token = (await logIn(url, users[0])).access;
  const service = (await logIn(url, users[1])).access;
  // It does not know by itself that it was cut off before it reads again.
  const stalled = new LiveClient({ url, token });
  const healthy = new LiveClient({ url, token });
  const ids: string[] = [];
  try {
    for (const client of [stalled, healthy])
      await until(
        60_000,
        async () => client.connected || null,
        () => `${client.refusals}`,
      );
    await Promise.all([stalled.settled(), healthy.settled()]);
    stalled.read(false);
    const slow = 'verdict_gateway_live_ended_total{reason="slow"}';
    const before = await metric('process_resident_memory_bytes');
    let [mostQueued, mostWaitMs, bytes] = [0, 0, 0];
    const tellSome = async (): Promise<void> => {
      const some = Array.from({ length: changesAtOnce }, () => source.newId());
      ids.push(...some);
      const changes = await source.commit(
        some.map((id) => ({ id, revision: 1 })),
        signals,
      );
      const startedMs = performance.now();
      await announce(url, service, changes);
      const last = some.at(-1) ?? '';
      await until(
        60_000,
        async () => healthy.seen.get(last) ?? null,
        () => `${healthy.ends}`,
        5,
      );
      mostWaitMs = Math.max(mostWaitMs, performance.now() - startedMs);
      mostQueued = Math.max(mostQueued, await metric('verdict_gateway_live_queued_bytes'));
      bytes += changesAtOnce * JSON.stringify(healthy.seen.get(last)).length;
    };
    // The buffers of the system take some megabytes first.
    while ((await metric(slow)) === 0 && bytes < 100 * mib) await tellSome();
    assert.equal(await metric(slow), 1, `${bytes} bytes were told and nobody was cut off`);
    const grown = (await metric('process_resident_memory_bytes')) - before;
    t.diagnostic(
      `cut off after ${ids.length} changes, ${Math.round(bytes / mib)} MiB; at most ${mostQueued} bytes waited; the gateway grew by ${Math.round(grown / mib)} MiB; ${changesAtOnce} changes took the other at most ${Math.round(mostWaitMs)} ms`,
    );
    assert.ok(mostQueued <= 2 * mostWaitingBytes, `${mostQueued} bytes waited`);
    // Nothing waits for it any longer, however much is told from here on.
    for (let round = 0; round < 4; round++) await tellSome();
    assert.ok((await metric('verdict_gateway_live_queued_bytes')) < mostWaitingBytes);
    assert.match(gateways.all[0]?.output() ?? '', /too slow and was ended/);
    stalled.read(true);
    await until(
      60_000,
      async () => (stalled.connected && ids.every((id) => stalled.seen.has(id))) || null,
      () => `${stalled.ends} ${stalled.refusals}: ${stalled.seen.size} of ${ids.length}`,
    );
    assert.equal(stalled.messages.length, 2);
    assert.deepEqual([healthy.messages.length, healthy.messages[0]?.length], [1, ids.length]);
    assert.equal(new Set(healthy.messages[0]?.map(({ anomaly }) => anomaly.id)).size, ids.length);
  } finally {
    stalled.close();
    healthy.close();
  }
});
