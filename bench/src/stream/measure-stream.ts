import type { WorldOptions } from './bench-world.ts';
import { BenchWorld } from './bench-world.ts';
import { type Latency, latencyOf } from './latency.ts';
import { warmRows } from './made-readings.ts';
import { measureTakeover, type TakeoverFigures } from './measure-takeover.ts';
import type { Measured } from './measured.ts';
import type { StreamOptions } from './options.ts';
import type { LearntVersion } from './publish-version.ts';
import { type SnapshotFigures, snapshotFigures } from './snapshot-figures.ts';

/** A step of growth. */
export interface Size {
  readonly series: number;
  readonly whole: Measured;
  readonly fromHub: Measured;
  readonly snapshots: SnapshotFigures;
}

/** All that was measured; a section that was not is absent. */
export interface StreamReport {
  readonly configuration: string;
  path?: { intake: Measured; fromHub: Measured; whole: Measured };
  latency?: Latency[];
  growth?: Size[];
  detectors?: { detectors: number; fromHub: Measured }[];
  takeover?: TakeoverFigures[];
}

export interface StreamWorld {
  readonly learnt: LearntVersion | null;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

/** Readings of each series in one measurement, at least: chunks of history and snapshots are to come into it. */
const leastRows = 20;
/** Before detectors take over from each other. */
const rowsToWarmUp = 1_300_000;
/** Milliseconds between two odd values, and shares of the load at which latency is measured. */
const oddEveryMs = 100;
const shares = [0.1, 0.7];

/** Measures section by section; `report` is filled on the way, so that something is left when it is stopped. */
export async function measureStream(
  options: StreamOptions,
  world: StreamWorld,
  report: StreamReport,
): Promise<void> {
  const { only, series, sizes } = options;
  if (only.includes('path') || only.includes('latency'))
    await inWorld(options, world, { series, detectors: 1 }, async (bench) => {
      const rows = rowsFor(options, series);
      const { intake, fromHub } = await throughHub(bench, rows);
      const whole = await bench.send(rows, 'committed');
      report.path = { intake, fromHub, whole };
      if (!only.includes('latency')) return;
      report.latency = [];
      for (const share of shares) {
        const perSecond = share * whole.perSecond;
        const sent = await bench.sendSteadily({ perSecond, seconds: options.seconds, oddEveryMs });
        report.latency.push(latencyOf(share, perSecond, sent));
      }
    });
  if (only.includes('growth')) {
    report.growth = [];
    for (const size of sizes)
      await inWorld(options, world, { series: size, detectors: 1 }, async (bench) => {
        const rows = rowsFor(options, size);
        const { fromHub } = await throughHub(bench, rows);
        const whole = await bench.send(rows, 'committed');
        const snapshots = snapshotFigures(await bench.platform.detectorMetrics());
        report.growth?.push({ series: size, whole, fromHub, snapshots });
      });
  }
  if (only.includes('detectors')) {
    report.detectors = [];
    for (const detectors of [1, 2])
      await inWorld(options, world, { series, detectors }, async (bench) => {
        const { fromHub } = await throughHub(bench, 2 * rowsFor(options, series));
        report.detectors?.push({ detectors, fromHub });
      });
  }
  if (only.includes('takeover')) {
    report.takeover = [];
    // Many series have few rows each: what they take in memory and in snapshots is the same.
    for (const size of options.takeoverSizes)
      await inWorld(
        options,
        world,
        { series: size, detectors: 2, leastRows: leastRowsOf(size) },
        async (bench) => {
          report.takeover?.push(await measureTakeover(bench, { ...options, ...world, series: size }));
        },
      );
  }
}

function leastRowsOf(series: number): number {
  return Math.min(warmRows, Math.max(10, Math.ceil(rowsToWarmUp / series)));
}

/** Readings into the hub while no detector runs, and out of it while nobody sends. */
async function throughHub(bench: BenchWorld, rows: number): Promise<{ intake: Measured; fromHub: Measured }> {
  await bench.warmUp();
  await bench.platform.stopDetectors();
  const intake = await bench.send(rows, 'in hub');
  return { intake, fromHub: await bench.catchUp() };
}

async function inWorld(
  options: StreamOptions,
  { learnt, signal, tell }: StreamWorld,
  size: Pick<WorldOptions, 'series' | 'detectors' | 'leastRows'>,
  work: (bench: BenchWorld) => Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  const { partitions, seed, readingsPerPost, connections, profile } = options;
  const parts = { partitions, seed, readingsPerPost, connections, learnt, signal, tell };
  const bench = await BenchWorld.open({ ...parts, ...size, profileFolder: profile });
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

function rowsFor({ readings }: StreamOptions, series: number): number {
  return Math.max(leastRows, Math.ceil(readings / series));
}
