import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { History } from '@verdict/contracts';
import type { RunningPart } from '../platform/start-part.ts';
import { type RunningStream, startStream } from '../platform/start-stream.ts';
import { type SteadyClients, startSteadyClients } from './steady-clients.ts';

/** How long a part is held still: longer than a lease. docs/reliability.md says how to have a minute. */
const holdMs = Number(process.env.VERDICT_HOLD_SECONDS ?? 12) * 1000;
/** The least that a gateway can be told; 48 bodies are more. */
const mostInFlightBytes = 4 * 1024 * 1024;
const clients = { clients: 48, bodyBytes: 128 * 1024 };
const mebibyte = 1024 * 1024;
/** A gateway and a detector of a few series need no more than this, whatever waits. */
const mostResidentBytes = 600 * mebibyte;
const pool = 'default/shop';
const hourMs = 3_600_000;

let stream: RunningStream | undefined;
let detector: RunningPart | undefined;

before(async () => {
  stream = await startStream({
    gateway: {
      VERDICT_MAX_IN_FLIGHT_BYTES: String(mostInFlightBytes),
      VERDICT_INGEST_REQUESTS_PER_MINUTE: '1000000',
    },
  });
  detector = await stream.startDetector();
});
after(() => stream?.stop());

const running = (): { stream: RunningStream; detector: RunningPart } => {
  if (stream === undefined || detector === undefined) throw new Error('they are started before the tests');
  return { stream, detector };
};

/** The number that a process tells of itself. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (.*)$`, 'm').exec(text)?.[1] ?? 0);
}

/** The most that the gateway had under way, and that both had in memory, while it was looked at. */
async function watch(ms: number): Promise<{ inFlight: number; gateway: number; detector: number }> {
  const most = { inFlight: 0, gateway: 0, detector: 0 };
  const { stream, detector } = running();
  const detectorUrl = `http://127.0.0.1:${detector.port}`;
  for (const endMs = performance.now() + ms; performance.now() < endMs; await delay(500)) {
    most.inFlight = Math.max(most.inFlight, await metric(stream.url, 'verdict_gateway_in_flight_bytes'));
    most.gateway = Math.max(most.gateway, await metric(stream.url, 'process_resident_memory_bytes'));
    most.detector = Math.max(most.detector, await metric(detectorUrl, 'process_resident_memory_bytes'));
  }
  return most;
}

async function until(
  ms: number,
  what: () => string,
  isSo: () => Promise<boolean> | boolean,
): Promise<number> {
  const sinceMs = performance.now();
  while (!(await isSo())) {
    assert.ok(performance.now() - sinceMs < ms, what());
    await delay(100);
  }
  return performance.now() - sinceMs;
}

const count = (readings: SteadyClients['sent']): number =>
  [...readings.values()].reduce((sum, times) => sum + times.size, 0);
const took = ({ answers }: SteadyClients): number => answers.get(202) ?? 0;

/** Readings that the detectors counted as new, and as repeated. */
async function counted(): Promise<{ readings: number; duplicates: number }> {
  const [row] = await running().stream.queries.query<{ readings: number; duplicates: number }>(
    'SELECT sum(readings)::bigint AS readings, sum(duplicates)::bigint AS duplicates FROM lease WHERE grp = $1',
    [pool],
  );
  return row ?? { readings: 0, duplicates: 0 };
}

/** Times of all readings of a series as a chart gets them: what detectors have in memory is part of it. */
async function historyOf(series: string, authorization: string): Promise<number[]> {
  const { stream } = running();
  const range = `from=${new Date(Date.now() - hourMs).toISOString()}&points=0`;
  const answer = await fetch(`${stream.url}/series/${encodeURIComponent(series)}/history?${range}`, {
    headers: { authorization },
  });
  if (answer.status === 404) return [];
  assert.equal(answer.status, 200, `${series}: ${answer.status}`);
  const { times, complete } = History.parse(await answer.json());
  return complete ? times : [];
}

/** All that was acknowledged is in the history, once each, and nothing else but what was sent is there. */
async function assertAllThere(sending: SteadyClients, before: number): Promise<number> {
  const { stores, bearer } = running().stream;
  const authorization = await bearer('admin');
  const missing = new Map(sending.acknowledged);
  let compared = '';
  const waitedMs = await until(
    180_000,
    () => `${missing.size} series lack readings: ${[...missing.keys()].slice(0, 3)}; ${compared}`,
    async () => {
      let there = 0;
      for (const [series, times] of sending.sent) {
        const found = await historyOf(series, authorization);
        const known = new Set(found);
        assert.equal(known.size, found.length, `${series} has a reading twice`);
        assert.ok(
          found.every((time) => times.has(time)),
          `${series} has a reading that nobody sent`,
        );
        if ([...(sending.acknowledged.get(series) ?? [])].every((time) => known.has(time)))
          missing.delete(series);
        there += found.length;
      }
      const { readings } = await counted();
      compared = `${there} readings are there, ${readings - before} were counted`;
      return missing.size === 0 && readings - before === there;
    },
  );
  assert.deepEqual(await stores.deadLetters.list({ limit: 1 }), []);
  return waitedMs;
}

/** Sends steadily while a part is held still; says how it went. */
async function holdStill(
  context: TestContext,
  what: string,
  part: { hold(): Promise<void> | void; letGo(): void },
): Promise<SteadyClients> {
  const { stream } = running();
  const { readings: before } = await counted();
  const authorization = await stream.bearer('ingest');
  const sending = startSteadyClients({ url: stream.url, authorization, name: what, ...clients });
  try {
    await until(
      60_000,
      () => 'nothing is acknowledged',
      () => took(sending) >= clients.clients,
    );
    await part.hold();
    const most = await watch(holdMs);
    part.letGo();
    const whileHeld = new Map(sending.answers);
    const taken = took(sending);
    const backMs = await until(
      60_000,
      () => 'it does not go on',
      () => took(sending) >= taken + clients.clients,
    );
    await sending.stop();
    const waitedMs = await assertAllThere(sending, before);
    const mib = (bytes: number) => (bytes / mebibyte).toFixed(1);
    const { duplicates } = await counted();
    context.diagnostic(
      `the ${what} held still for ${holdMs / 1000} s: answers until then ${JSON.stringify([...whileHeld])}, slowest ` +
        `${Math.round(sending.slowestMs)} ms; most in flight ${mib(most.inFlight)} MiB, resident: gateway ` +
        `${mib(most.gateway)}, detector ${mib(most.detector)} MiB; back after ${Math.round(backMs)} ms, all of ` +
        `${count(sending.acknowledged)} acknowledged readings in history ${Math.round(waitedMs)} ms after the last ` +
        `(repeated ones dropped so far: ${duplicates})`,
    );
    assert.ok(most.inFlight <= mostInFlightBytes, `${most.inFlight} bytes in flight`);
    assert.ok(most.gateway < mostResidentBytes && most.detector < mostResidentBytes, JSON.stringify(most));
    assert.equal(sending.withoutRetryAfter, 0, 'a refusal did not say when to come back');
    assert.equal(sending.answers.get('none') ?? 0, 0, 'a request was not answered');
    assert.ok(sending.slowestMs < 45_000, `an answer took ${sending.slowestMs} ms`);
    return sending;
  } finally {
    part.letGo();
    await sending.stop();
  }
}

test('while the hub stands still senders are told to come back, memory is bounded, and all that was acknowledged comes through once', {
  timeout: 600_000,
}, async (context) => {
  const { process } = running().stream.hubs;
  const { answers } = await holdStill(context, 'hub', {
    hold: () => void process.kill('SIGSTOP'),
    letGo: () => void process.kill('SIGCONT'),
  });
  assert.deepEqual(
    [...answers.keys()].filter((status) => ![202, 429, 503].includes(Number(status))),
    [],
  );
  assert.ok((answers.get(429) ?? 0) > 0, 'nobody was told that there is no room');
  assert.ok((answers.get(503) ?? 0) > 0, 'nobody was told that the hub is away');
});

test('while the database stands still readings are taken, the backlog waits in the hub, and comes through once', {
  timeout: 600_000,
}, async (context) => {
  const { database } = running().stream;
  const { answers } = await holdStill(context, 'database', {
    hold: () => database.freeze(),
    letGo: () => database.thaw(),
  });
  assert.ok((answers.get(202) ?? 0) > 3 * clients.clients, 'the hub takes readings without the database');
});
