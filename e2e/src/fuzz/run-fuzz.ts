import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { type RunningGateway, startGateway } from '../platform/start-gateway.ts';
import { doorRequests } from './door-requests.ts';
import type { FuzzReport } from './fuzz-report.ts';
import type { Credentials, FuzzAnswer, FuzzRequest } from './fuzz-request.ts';
import { heldMemory } from './held-memory.ts';
import { judgeAnswer } from './judge-answer.ts';
import { liveGarbage, pollingRequests } from './live-requests.ts';
import { logIn, users } from './log-in.ts';
import { rawRequests } from './raw-requests.ts';
import { type ApiDocument, routeRequests } from './route-requests.ts';
import { closeConnections, sendLive, sendRaw, sendWritten, type Target } from './send-request.ts';
import { slowConnections } from './slow-connections.ts';

/** How much is asked, from which seed, and how many at once. */
export interface FuzzSettings {
  readonly requests: number;
  readonly seed: number;
  readonly atOnce: number;
}

const batchSize = 500;
/** Part of the requests after which tables are filled and code is compiled. */
const warmPart = 0.4;
const renewAfterMs = 240_000;
const mostFaults = 30;
const settleMs = 2000;
/** As many as one likes: what is looked for lies behind the limits of requests. */
const unlimited = {
  VERDICT_REQUESTS_PER_MINUTE: '100000000',
  VERDICT_CALLER_REQUESTS_PER_MINUTE: '100000000',
  VERDICT_INGEST_REQUESTS_PER_MINUTE: '100000000',
  VERDICT_LOGINS_PER_MINUTE: '100000000',
  VERDICT_LOG_LEVEL: 'error',
};

/** How a run is followed, and ended before its time. */
export interface FuzzWatch {
  tell(line: string): void;
  readonly signal: AbortSignal;
}

type StoppableTarget = Target & Pick<FuzzWatch, 'signal'>;

/**
 * Starts a gateway, sends it bad requests, and tells what came of it. Rejects when it is ended before its time; all
 * that was started is stopped first.
 */
export async function runFuzz(settings: FuzzSettings, watch: FuzzWatch): Promise<FuzzReport> {
  const preload = new URL('./answer-memory.ts', import.meta.url).href;
  const gateway = await startGateway({
    users,
    environment: unlimited,
    execArgv: ['--expose-gc', '--import', preload],
  });
  try {
    watch.signal.throwIfAborted();
    return await fuzz(gateway, settings, watch);
  } finally {
    closeConnections();
    await gateway.stop();
  }
}

async function fuzz(
  gateway: RunningGateway,
  settings: FuzzSettings,
  { tell, signal }: FuzzWatch,
): Promise<FuzzReport> {
  const startedMs = performance.now();
  const port = Number(new URL(gateway.url).port);
  const slow = slowConnections({ port, signal }, 10);
  const document = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as ApiDocument;
  const statuses = new Map<number, number>();
  const faults: string[] = [];
  let warm = await heldMemory(gateway.process);
  let isWarm = false;
  let credentials = await logIn(gateway.url);
  let loggedInMs = performance.now();
  let sent = 0;
  for (let batch = 0; sent < settings.requests && faults.length < mostFaults; batch += 1) {
    if (performance.now() - loggedInMs > renewAfterMs) {
      credentials = await logIn(gateway.url);
      loggedInMs = performance.now();
    }
    const numRuns = Math.min(batchSize, settings.requests - sent);
    const requests = fc.sample(requestsOf(document, credentials), {
      seed: settings.seed * 100_003 + batch,
      numRuns,
    });
    const target = { port, token: credentials.viewer, signal };
    await sendAll(requests, settings.atOnce, async (request) => {
      if (signal.aborted) return;
      const fault = await tryOne(target, request, statuses);
      // A gateway that is being stopped with us owes no answer.
      if (fault === null || signal.aborted || faults.length >= mostFaults) return;
      faults.push(`${fault}\n    ${describe(request)}`);
      tell(`VIOLATION ${fault}`);
    });
    signal.throwIfAborted();
    sent += numRuns;
    const health = await fetch(`${gateway.url}/healthz`).catch(() => null);
    if (health?.status !== 200) {
      faults.push(`the gateway is gone after ${sent} requests:\n${gateway.output().slice(-2000)}`);
      break;
    }
    if (!isWarm && sent >= settings.requests * warmPart) {
      warm = await heldMemory(gateway.process);
      isWarm = true;
    }
    if (batch % 20 === 19) tell(`${sent} requests, ${faults.length} faults`);
  }
  const slowEnds = await slow;
  await sleep(settleMs, undefined, { signal });
  const end = await heldMemory(gateway.process);
  const seconds = (performance.now() - startedMs) / 1000;
  faults.push(...unexpectedLines(gateway.output()));
  return { requests: sent, seed: settings.seed, seconds, statuses, warm, end, slow: slowEnds, faults };
}

function requestsOf(document: ApiDocument, credentials: Credentials): fc.Arbitrary<FuzzRequest> {
  return fc.oneof<fc.WeightedArbitrary<FuzzRequest>[]>(
    { weight: 66, arbitrary: routeRequests(document, credentials) },
    { weight: 16, arbitrary: doorRequests(credentials) },
    { weight: 12, arbitrary: rawRequests },
    { weight: 4, arbitrary: pollingRequests },
    { weight: 2, arbitrary: liveGarbage },
  );
}

/** Sends all, some at once. */
async function sendAll(
  requests: readonly FuzzRequest[],
  atOnce: number,
  send: (request: FuzzRequest) => Promise<void>,
): Promise<void> {
  const left = requests.values();
  const work = async (): Promise<void> => {
    for (const request of left) await send(request);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

async function tryOne(
  target: StoppableTarget,
  request: FuzzRequest,
  statuses: Map<number, number>,
): Promise<string | null> {
  try {
    let answer = await send(target, request);
    // A starved machine may keep the database from answering in time: then, and only then, it must be good later.
    if (answer.status === 503 && (await isReadyAgain(target))) answer = await send(target, request);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    return judgeAnswer(request, answer);
  } catch (error) {
    return `no answer: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Waits until the gateway says that it is ready; false when it does not within 30 s, or nobody waits any more. */
async function isReadyAgain({ port, signal }: StoppableTarget): Promise<boolean> {
  const deadlineMs = performance.now() + 30_000;
  while (performance.now() < deadlineMs && !signal.aborted) {
    await sleep(1500);
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (ready?.status === 200) return true;
  }
  return false;
}

function send(target: Target, request: FuzzRequest): Promise<FuzzAnswer> {
  if (request.kind === 'raw') return sendRaw(target, request);
  return request.kind === 'live' ? sendLive(target, request) : sendWritten(target, request);
}

function describe(request: FuzzRequest): string {
  if (request.kind === 'raw')
    return JSON.stringify(Buffer.from(request.bytes).toString('latin1').slice(0, 600));
  if (request.kind === 'live') return JSON.stringify(request.frames).slice(0, 600);
  const { method, path, headers, body } = request;
  const said = Object.entries(headers).map(
    ([name, value]) => `${name}: ${name === 'authorization' ? '…' : value.slice(0, 100)}`,
  );
  const shown = body === null ? '' : JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 500));
  return `${method} ${path.slice(0, 400)} {${said.join('; ')}} ${shown}`;
}

/** `error` in the log means that a human must act: a bad request is no reason. */
function unexpectedLines(output: string): string[] {
  const lines = output
    .split('\n')
    .filter((line) => /"level":(50|60)/.test(line) || /Unhandled|Uncaught/.test(line));
  return [...new Set(lines.map((line) => `in the log: ${line.slice(0, 1500)}`))].slice(0, 10);
}
