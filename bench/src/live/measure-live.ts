import { quantile } from '@verdict/detection';
import type { Work, WorkResult } from '../live-client/work.ts';
import { machineMs } from '../live-client/work.ts';
import type { StartedProcess } from '../stream/child-process.ts';
import { usageOf } from '../stream/process-usage.ts';
import { type AnomalyMaker, anomalyMaker } from './anomaly-maker.ts';
import type { LivePlatform } from './live-platform.ts';
import type { LiveOptions } from './options.ts';

/** Times to all clients, ms. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LiveReport {
  /** All clients were connected after so many seconds. */
  readonly connectSeconds: number;
  /** CPU time of the gateways for one connection that is made, ms. */
  readonly connectCpuMs: number;
  /** Resident memory of the gateways for one connection, bytes. */
  readonly bytesPerClient: number;
  readonly anomalies: number;
  /** From the commit to the event at a client. */
  readonly fromCommit: Spread;
  /** From the acknowledged announcement; what came before that took none. */
  readonly fromAck: Spread;
  /** From the commit to the event at the last client, anomaly by anomaly. */
  readonly untilAll: Spread;
  /** CPU time per message and client, µs: of gateways, clients and database. */
  readonly cpuMicros: { readonly gateways: number; readonly clients: number; readonly database: number };
  /** Many anomalies at once: until the last client has heard of the last one. */
  readonly burst: { readonly anomalies: number; readonly ms: number; readonly gatewayMicros: number };
  /** Events that did not come, connections of reading clients that ended, clients that did not read and were ended. */
  readonly missing: number;
  readonly ended: number;
  readonly slowEnded: number;
}

const patienceMs = 120_000;
/** What a connection leaves behind is cleared up by then, and idle work is measured meanwhile. */
const restMs = 5_000;

/** Connects the clients and measures. */
export async function measureLive(
  options: LiveOptions,
  platform: LivePlatform,
  { signal, tell }: { signal: AbortSignal; tell: (sentence: string) => void },
): Promise<LiveReport> {
  const { clients, stalled, seconds, everyMs } = options;
  const maker = await anomalyMaker(platform.stores);
  const before = usage(platform);
  const startedMs = machineMs();
  tell(`connecting ${clients} clients to ${options.gateways} gateway(s) …`);
  await connectAll(options, platform);
  const connectSeconds = (machineMs() - startedMs) / 1000;
  const connected = usage(platform);
  await pause(restMs, signal);
  const rested = usage(platform);
  const idleMsPerMs = (rested.gateways.cpuMs - connected.gateways.cpuMs) / restMs;
  tell(`one anomaly each ${everyMs} ms for ${seconds} s …`);
  const sent = await sendSteadily(
    { maker, platform, signal },
    { count: Math.ceil((seconds * 1000) / everyMs), everyMs },
  );
  const steady = await collect(platform, { ids: sent.map(({ id }) => id), clients, signal });
  const after = usage(platform);
  const idle = idleMsPerMs * (after.atMs - rested.atMs);
  const delays = sent.map((one) => delaysOf(one, steady.atMs.get(one.id) ?? []));
  const events = delays.reduce((sum, { fromCommit }) => sum + fromCommit.length, 0);
  tell(`${options.burst} anomalies at once …`);
  const burstBefore = usage(platform);
  const ids = await maker.commit(options.burst);
  const committedMs = machineMs();
  await announce(platform, 0, ids);
  const burst = await collect(platform, { ids, clients, signal });
  const burstAfter = usage(platform);
  const lastMs = [...burst.atMs.values()].flat().reduce((most, atMs) => Math.max(most, atMs), 0);
  const micros = (cpuMs: number, count: number) => (1000 * cpuMs) / Math.max(1, count);
  return {
    connectSeconds,
    connectCpuMs: (connected.gateways.cpuMs - before.gateways.cpuMs) / (clients + stalled),
    bytesPerClient: (rested.gateways.residentBytes - before.gateways.residentBytes) / (clients + stalled),
    anomalies: sent.length,
    fromCommit: spreadOf(delays.flatMap(({ fromCommit }) => fromCommit)),
    fromAck: spreadOf(delays.flatMap(({ fromAck }) => fromAck)),
    untilAll: spreadOf(
      delays.map(({ fromCommit }) => fromCommit.reduce((most, ms) => Math.max(most, ms), 0)),
    ),
    cpuMicros: {
      gateways: micros(after.gateways.cpuMs - rested.gateways.cpuMs - idle, events),
      clients: micros(after.clients.cpuMs - rested.clients.cpuMs, events),
      database: micros(after.database.cpuMs - rested.database.cpuMs, events),
    },
    burst: {
      anomalies: options.burst,
      ms: lastMs - committedMs,
      gatewayMicros: micros(burstAfter.gateways.cpuMs - burstBefore.gateways.cpuMs, clients * options.burst),
    },
    missing: steady.missing + burst.missing,
    ended: steady.ended + burst.ended,
    slowEnded: await slowEnded(platform),
  };
}

interface Sent {
  readonly id: string;
  readonly committedMs: number;
  readonly acknowledgedMs: number;
}

async function sendSteadily(
  { maker, platform, signal }: { maker: AnomalyMaker; platform: LivePlatform; signal: AbortSignal },
  pace: { count: number; everyMs: number },
): Promise<Sent[]> {
  const sent: Sent[] = [];
  const startedMs = machineMs();
  for (let index = 0; index < pace.count; index++) {
    await pause(Math.max(0, startedMs + index * pace.everyMs - machineMs()), signal);
    const [id = ''] = await maker.commit(1);
    const committedMs = machineMs();
    await announce(platform, index, [id]);
    sent.push({ id, committedMs, acknowledgedMs: machineMs() });
  }
  return sent;
}

/** Tells a gateway, another one each time, as detectors do: what was not answered in time is told again. */
async function announce(platform: LivePlatform, index: number, ids: readonly string[]): Promise<void> {
  const deadlineMs = machineMs() + patienceMs;
  for (;;) {
    const answer = await fetch(`${platform.urls[index % platform.urls.length]}/anomaly`, {
      method: 'POST',
      headers: { authorization: `Bearer ${platform.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ changes: ids.map((anomalyId) => ({ anomalyId, revision: 1, kind: 'opened' })) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.body?.cancel();
    if (answer.ok) return;
    if (answer.status !== 503 || machineMs() > deadlineMs)
      throw new Error(`POST /anomaly was answered with ${answer.status}`);
  }
}

async function connectAll(options: LiveOptions, { groups, urls, token }: LivePlatform): Promise<void> {
  const share = (total: number, index: number) =>
    Math.floor(total / groups.length) + (index < total % groups.length ? 1 : 0);
  await Promise.all(
    groups.map((group, index) => {
      const stalled = share(options.stalled, index);
      const clients = share(options.clients, index) + stalled;
      return ask(group, { type: 'connect', urls: [...urls], token, clients, stalled });
    }),
  );
}

/** Asks what was heard until every client has heard of all of it, or for two minutes. */
async function collect(
  platform: LivePlatform,
  { ids, clients, signal }: { ids: readonly string[]; clients: number; signal: AbortSignal },
): Promise<{ atMs: ReadonlyMap<string, readonly number[]>; missing: number; ended: number }> {
  const atMs = new Map<string, number[]>(ids.map((id) => [id, []]));
  let ended = 0;
  const deadlineMs = machineMs() + patienceMs;
  for (;;) {
    for (const group of platform.groups) {
      const answer = await ask(group, { type: 'collect' });
      if (answer.type !== 'heard') continue;
      ended += answer.ended;
      for (const [id, times] of Object.entries(answer.atMs)) {
        const heard = atMs.get(id);
        for (const time of times) heard?.push(time);
      }
    }
    const heard = [...atMs.values()].reduce((sum, times) => sum + times.length, 0);
    const missing = clients * ids.length - heard;
    if (missing <= 0 || machineMs() > deadlineMs) return { atMs, missing, ended };
    await pause(500, signal);
  }
}

function ask(group: StartedProcess, work: Work): Promise<WorkResult> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error(`${group.name} ended`));
    group.child.once('exit', gone);
    group.child.once('message', (message) => {
      group.child.off('exit', gone);
      const result = message as WorkResult;
      if (result.type === 'failed') reject(new Error(result.reason));
      else resolve(result);
    });
    group.child.send(work);
  });
}

function delaysOf(sent: Sent, atMs: readonly number[]): { fromCommit: number[]; fromAck: number[] } {
  return {
    fromCommit: atMs.map((at) => at - sent.committedMs),
    fromAck: atMs.map((at) => Math.max(0, at - sent.acknowledgedMs)),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const ascending = Float64Array.from(values).sort();
  return {
    p50: quantile(ascending, 0.5),
    p99: quantile(ascending, 0.99),
    max: ascending.at(-1) ?? Number.NaN,
  };
}

function usage({ gateways, groups, postgres }: LivePlatform) {
  const sum = (processes: readonly StartedProcess[]) => {
    const all = processes.map(({ pid }) => usageOf(pid));
    return {
      cpuMs: all.reduce((total, { cpuMs }) => total + cpuMs, 0),
      residentBytes: all.reduce((total, { residentBytes }) => total + residentBytes, 0),
    };
  };
  return {
    atMs: machineMs(),
    gateways: sum(gateways),
    clients: sum(groups),
    database: usageOf(postgres.pid, true),
  };
}

/** Clients that were ended because they did not read or gave no sign of life, as the gateways count them. */
async function slowEnded({ urls }: LivePlatform): Promise<number> {
  let ended = 0;
  for (const url of urls) {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(30_000) });
    const counts = (await answer.text()).matchAll(/live_ended_total\{reason="(?:slow|silent)"\} (\d+)/g);
    for (const [, count] of counts) ended += Number(count);
  }
  return ended;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stopped = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stopped);
      resolve();
    }, ms);
    signal.addEventListener('abort', stopped, { once: true });
  });
}
