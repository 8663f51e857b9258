import type { BenchWorld } from './bench-world.ts';
import { modelName, namespace } from './publish-version.ts';
import { type SnapshotFigures, snapshotFigures } from './snapshot-figures.ts';
import { type Handover, TakeoverWatch } from './takeover-watch.ts';

type Signal = 'SIGTERM' | 'SIGKILL';

/** How partitions pass from a detector that ends to the one that stays, at some number of series. */
export interface TakeoverFigures {
  readonly series: number;
  /** Readings per second that came meanwhile. */
  readonly rate: number;
  readonly bySignal: readonly {
    readonly signal: Signal;
    readonly handovers: readonly Handover[];
    /** Per round: CPU time of the new owner from the first claim to the last first commit, its usual work included. */
    readonly cpuMs: readonly number[];
  }[];
  /** Of the detectors that were alive at the end. */
  readonly snapshots: SnapshotFigures;
}

interface TakeoverOptions {
  readonly series: number;
  readonly partitions: number;
  readonly rate: number;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

const pool = `${namespace}/${modelName}`;
const pollMs = 100;
/** Readings flow for so long before a detector ends: snapshots are to be as old as they usually are. */
const settleMs = 8000;
/** Without any progress for so long, something is broken. */
const stuckMs = 180_000;

/**
 * Two detectors share the partitions while readings come steadily. One is ended, the other takes its partitions over,
 * a new one comes and gets its share: by SIGTERM and by SIGKILL in turn. At the end everything must be committed.
 */
export async function measureTakeover(bench: BenchWorld, options: TakeoverOptions): Promise<TakeoverFigures> {
  const { rounds, rate, tell } = options;
  await bench.warmUp();
  await untilShared(bench, options);
  const signals: Signal[] = Array.from({ length: rounds }, () => ['SIGTERM', 'SIGKILL'] as const).flat();
  const found = { SIGTERM: { handovers: [], cpuMs: [] }, SIGKILL: { handovers: [], cpuMs: [] } } as Record<
    Signal,
    { handovers: Handover[]; cpuMs: number[] }
  >;
  const stop = new AbortController();
  // Without load nothing is committed: whoever waits for that is to hear why there is none.
  const broken = new AbortController();
  const loading = loadUntil(bench, rate, stop.signal);
  loading.catch((error: unknown) => broken.abort(error));
  const loaded = { ...options, signal: AbortSignal.any([options.signal, broken.signal]) };
  try {
    for (const signal of signals) {
      await pause(settleMs, loaded.signal);
      tell(`  ${signal} to one of two detectors …`);
      const { handovers, cpuMs } = await endOne(bench, signal, loaded);
      found[signal].handovers.push(...handovers);
      found[signal].cpuMs.push(cpuMs);
      const longestMs = Math.max(...handovers.map(({ gapMs }) => gapMs));
      tell(`  ${handovers.length} partitions taken over, the last after ${Math.round(longestMs)} ms`);
      await bench.platform.startDetectors(1);
      await untilShared(bench, loaded);
    }
  } finally {
    stop.abort();
  }
  await loading;
  const bySignal = (['SIGTERM', 'SIGKILL'] as const).map((signal) => ({ signal, ...found[signal] }));
  const snapshots = snapshotFigures(await bench.platform.detectorMetrics());
  return { series: options.series, rate, bySignal, snapshots };
}

/** Sends in short loads until it is told to end; rejects when what was sent is not committed. */
async function loadUntil(bench: BenchWorld, perSecond: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await bench.sendSteadily({ perSecond, seconds: 5, oddEveryMs: null });
}

/** Ends a detector, and waits until another one has committed on all partitions that it had. */
async function endOne(
  bench: BenchWorld,
  signal: Signal,
  options: TakeoverOptions,
): Promise<{ handovers: readonly Handover[]; cpuMs: number }> {
  const { platform } = bench;
  const [url = ''] = await platform.detectorUrls();
  const held = (await owners(bench)).filter(({ address }) => address === url).length;
  const watch = new TakeoverWatch(platform.database, pool);
  try {
    await pause(1000, options.signal);
    await platform.endDetector(0, signal);
    const cpuMs = () => platform.usage().detectors?.cpuMs ?? Number.NaN;
    let before = cpuMs();
    await until(options, `${held} partitions have a new owner that commits`, async () => {
      if (!watch.isClaimed) before = cpuMs();
      return watch.handovers.length >= held;
    });
    return { handovers: [...watch.handovers], cpuMs: cpuMs() - before };
  } finally {
    await watch.close();
  }
}

/** Waits until both detectors have as many partitions. */
async function untilShared(bench: BenchWorld, options: TakeoverOptions): Promise<void> {
  await until(options, 'both detectors have their share', async () => {
    const urls = await bench.platform.detectorUrls();
    const held = await owners(bench);
    return urls.every(
      (url) => held.filter(({ address }) => address === url).length === options.partitions / urls.length,
    );
  });
}

function owners({ platform }: BenchWorld): Promise<{ partition: string; address: string | null }[]> {
  return platform.database.query(
    `SELECT lease.partition, member.address FROM lease
       JOIN member ON member.grp = lease.grp AND member.holder = lease.holder
      WHERE lease.grp = $1 AND lease.expires_at > now()`,
    [pool],
  );
}

async function until({ signal }: TakeoverOptions, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedMs > stuckMs) throw new Error(`waited in vain until ${what}`);
    await pause(pollMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, ms));
}
