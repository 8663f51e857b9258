import type { Anomaly } from '@verdict/contracts';
import type { VersionSpan } from '@verdict/storage';
import { until } from '../platform/until.ts';
import { type Listener, startListener } from '../proof-stream/listener.ts';
import { type Results, readResults } from '../proof-stream/results.ts';
import type { Scenario } from '../proof-stream/scenario.ts';
import { sendSteps } from '../proof-stream/sender.ts';
import { type Fault, nameOf } from './faults/fault.ts';
import { faultPlan, frozenMs } from './faults/fault-plan.ts';
import { inflict, type Target } from './faults/inflict.ts';
import type { Journal, Takeover } from './journal.ts';
import { LiveWatch } from './live-watch.ts';
import type { SoakOptions } from './options.ts';
import { poolKey } from './parts/environment.ts';
import type { SoakPlatform } from './parts/soak-platform.ts';
import { pause } from './pause.ts';

/** Steps that are sent at once before anything is done to anybody: series are warm then. */
const warmSteps = 240;
/** Between two faults of the same kind of lane. */
const betweenMs = { signals: 1200, others: 700 };
const progressEveryMs = 15_000;
/** A machine that has much else to do starts a gateway in a minute. */
const patienceMs = 600_000;

/** Long after the last fault, not everything is scored: nothing can be compared, and that is a violation by itself. */
export class NeverScored extends Error {
  override readonly name = 'NeverScored';

  constructor({ missingSnapshots, zombieCommits }: Journal, cause: unknown) {
    const others = `commits of an old owner: ${zombieCommits}, snapshots missing: ${missingSnapshots}`;
    super(`readings that are never scored: ${cause instanceof Error ? cause.message : cause}; ${others}`, {
      cause,
    });
  }
}

/** What the run with faults left behind. */
export interface HarshRun {
  readonly scenario: Scenario;
  readonly results: Results;
  readonly told: ReadonlyMap<string, Anomaly>;
  /** Per partition what was in force, and its last event. */
  readonly spans: ReadonlyMap<string, { spans: readonly VersionSpan[]; checkpoint: number }>;
  readonly takeovers: readonly SeenTakeover[];
  readonly counts: Readonly<Record<string, number>>;
  /** Faults by their kind, as they were done. */
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: Readonly<Record<string, number>>;
  readonly minutes: number;
  /** Why processes ended that nobody had asked to: they are started again, as in production. */
  readonly crashes: readonly string[];
}

/** A takeover with its cause: the last signal that the old owner got. */
export interface SeenTakeover extends Takeover {
  readonly cause: string;
  /** Nothing else was sent to anybody meanwhile: it took its own time, not that of another outage. */
  readonly alone: boolean;
}

interface SentSignal {
  readonly part: string;
  readonly pid: number;
  readonly signal: string;
  readonly atMs: number;
}

interface Lanes {
  readonly target: Target;
  readonly options: SoakOptions;
  /** Aborted when no more faults are to be done. */
  readonly over: AbortSignal;
  readonly faults: Record<string, number>;
}

/** Lets readings flow while faults are done, until the time is over; then lets everything be scored. */
export async function runHarshly(
  parts: { platform: SoakPlatform; journal: Journal; scenario: Scenario },
  options: SoakOptions,
  context: { signal: AbortSignal; say: (line: string) => void },
): Promise<HarshRun> {
  const { platform, journal } = parts;
  const { signal, say } = context;
  const { client } = platform;
  const sent: SentSignal[] = [];
  const faults: Record<string, number> = {};
  const falseAlarms = {
    client,
    scenario: parts.scenario,
    verdicts: new Map<string, 'false' | 'withdrawn'>(),
  };
  const target: Target = {
    ...{ platform, journal, falseAlarms, signal },
    say: (line) => say(`  ${line}`),
    onSignal: (one) => sent.push(one),
  };
  const watch = new LiveWatch(() => performance.now());
  const token = () => platform.token();
  const listener = await startListener(platform.environment.url, client, token, {
    onMessage: (anomaly) => watch.onMessage(anomaly),
    onGap: () => watch.onGap(),
  });
  try {
    const { learn } = parts.scenario.borders;
    const warm = learn + warmSteps;
    await sendSteps({ client, scenario: parts.scenario, from: learn, to: warm, paceMs: 0 });
    const startedMs = performance.now();
    const over = AbortSignal.any([signal, AbortSignal.timeout(options.minutes * 60_000)]);
    const lanes: Lanes = { target, options, over, faults };
    const stopSending = new AbortController();
    const sending = sendUntil(AbortSignal.any([signal, stopSending.signal]), {
      ...{ client, scenario: parts.scenario, from: warm, paceMs: options.paceMs, patienceMs },
    });
    // Seen below, and the faults end then.
    sending.catch(() => undefined);
    const reporting = tellProgress(over, () => {
      const done = Object.values(faults).reduce((sum, count) => sum + count, 0);
      const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1);
      say(`${minutes} of ${options.minutes} min: ${done} faults, ${journal.takeovers.length} takeovers`);
    });
    await Promise.all([doFaults(lanes, 'signals'), doFaults(lanes, 'others'), reporting]);
    stopSending.abort();
    const flow = await sending;
    signal.throwIfAborted();
    const borders = { ...parts.scenario.borders, test: learn, end: flow.next };
    const scenario: Scenario = { ...parts.scenario, borders };
    say(`Faults are over after ${flow.next - learn} steps; waiting until everything is scored …`);
    const minutes = (performance.now() - startedMs) / 60_000;
    const results = await readResults(client, scenario).catch((error: unknown) => {
      throw new NeverScored(journal, error);
    });
    await told(listener, results);
    const after = await settled(platform, results);
    await listener.stop();
    const crashes = platform.processes.flatMap((one) => one.crashes.map((why) => `${one.name}: ${why}`));
    return {
      ...{ scenario, results, faults, minutes, crashes },
      told: listener.seen,
      spans: new Map(
        after.partitions.map(({ partition, checkpoint }) => [
          partition,
          { spans: journal.spans(partition), checkpoint },
        ]),
      ),
      takeovers: journal.takeovers.map((one) => seen(one, sent)),
      counts: {
        'POSTs repeated': flow.repeated,
        'reconnects of the client': listener.connections() - 1,
        'messages to the client': watch.messages,
        'false verdicts': falseAlarms.verdicts.size,
        commits: journal.commits,
        'commits of zombies, refused': journal.refusedCommits,
        redeliveries: journal.redelivered,
        'calls made to fail': journal.failedCalls,
        'processes that ended by themselves': crashes.length,
        'repeated readings dropped': after.duplicates,
      },
      violations: {
        'duplicates shown to the client': watch.duplicates(),
        'told out of order': watch.outOfOrder,
        'changes never told': after.untold,
        'commits of an old owner': journal.zombieCommits,
        'snapshots missing': journal.missingSnapshots,
        'dead letters': after.deadLetters,
      },
    };
  } finally {
    await listener.stop().catch(() => undefined);
  }
}

/** Does one fault after the other until it is over. */
async function doFaults({ target, options, over, faults }: Lanes, lane: 'signals' | 'others'): Promise<void> {
  const plan = faultPlan(options.seed, options)[lane];
  while (!over.aborted) {
    await pause(betweenMs[lane], over);
    if (over.aborted) return;
    const fault: Fault = plan.next().value;
    const kind = fault.kind === 'signal' ? `${fault.signal} ${fault.part}` : nameOf(fault).split(' by ')[0];
    const name = fault.kind === 'clock' ? `clock of ${fault.part} jumps` : (kind ?? fault.kind);
    faults[name] = (faults[name] ?? 0) + 1;
    await inflict(target, fault);
  }
}

/** Sends step by step until the signal. */
async function sendUntil(
  signal: AbortSignal,
  what: Omit<Parameters<typeof sendSteps>[0], 'to'>,
): Promise<{ next: number; repeated: number }> {
  let repeated = 0;
  let step = what.from;
  for (; !signal.aborted; step += 1)
    repeated += (await sendSteps({ ...what, from: step, to: step + 1 })).repeated;
  return { next: step, repeated };
}

async function tellProgress(over: AbortSignal, tell: () => void): Promise<void> {
  while (!over.aborted) {
    await pause(progressEveryMs, over);
    tell();
  }
}

/** Waits until the client has heard of every anomaly in its newest revision, for a bounded time. */
async function told(listener: Listener, { anomalies }: Results): Promise<void> {
  const isBehind = () =>
    [...anomalies.values()].some(({ id, revision }) => (listener.seen.get(id)?.revision ?? 0) < revision);
  await until(
    30_000,
    async () => (isBehind() ? null : true),
    () => '',
  ).catch(() => undefined);
}

/** What the database says once everything is scored. */
async function settled(platform: SoakPlatform, { anomalies }: Results) {
  return platform.withStores(platform.environment, async (stores) => {
    const { partitions } = await stores.plans.poolState(poolKey);
    const waiting = async () =>
      Promise.all(partitions.map(({ partition }) => stores.partitions.outbox(poolKey, partition, 1)));
    await until(
      120_000,
      async () => ((await waiting()).every((entries) => entries.length === 0) ? true : null),
      () => 'the outbox is not emptied in time',
    );
    let untold = 0;
    // A revision that nobody was told of can still be announced.
    for (const { id, revision } of anomalies.values())
      if (await stores.anomalies.announce({ id, revision, kind: 'updated' })) untold += 1;
    const letters = await stores.series.deadLetters();
    return {
      partitions,
      untold,
      duplicates: partitions.reduce((sum, one) => sum + one.duplicates, 0),
      deadLetters: Object.values(letters).reduce((sum, count) => sum + count, 0),
    };
  });
}

/** How long after a signal to somebody else its consequences may go on. */
const aftermathMs = { SIGSTOP: frozenMs + 5000, other: 10_000 };

function seen(takeover: Takeover, sent: readonly SentSignal[]): SeenTakeover {
  const { atMs, fromPid, tookMs } = takeover;
  const own = sent.findLast((one) => one.pid === fromPid && one.atMs <= atMs && atMs - one.atMs < 60_000);
  const alone = sent.every((one) => {
    const afterMs = one.signal === 'SIGSTOP' ? aftermathMs.SIGSTOP : aftermathMs.other;
    return one === own || one.atMs > atMs || one.atMs + afterMs < atMs - tookMs;
  });
  return { ...takeover, cause: own?.signal ?? 'other', alone };
}
