import { builtInModel, type DetectionModel, detectionSettings, Engine } from '@verdict/detection';
import { cpuMs } from '../cpu-time.ts';
import { learnMade } from './learn-made.ts';
import { type MadeSeries, madeSeries, rowsOf, shuffled } from './made-series.ts';
import { TimedNetwork } from './timed-network.ts';
import { usedBytes } from './used-bytes.ts';

/** What is measured. */
export interface EngineCase {
  readonly name: string;
  readonly series: number;
  readonly width: number;
  readonly signals: 'each' | 'together';
  readonly window: number;
  /** Readings of each series that are scored before the clock runs. */
  readonly before: number;
  /** Readings of each series that are measured. */
  readonly measured: number;
}

/** Rates and sizes of one case; all times are CPU time, so a rate is that of one core with nothing else to do. */
export interface EngineFigures {
  readonly name: string;
  readonly readings: number;
  readonly readingsPerSecond: number;
  /** The same engine without a net, by its rules alone. */
  readonly builtInPerSecond: number;
  /** Microseconds per reading. */
  readonly stages: Readonly<Record<'network' | 'rest', number>>;
  readonly bytesPerSeries: { readonly snapshot: number; readonly memory: number };
  readonly snapshotMs: number;
  readonly training: { readonly windows: number; readonly ms: number };
}

/** Enough to be past the warm-up, and to have thresholds of one's own. */
const builtInBefore = 160;

/** Measures one case: a reading of every series per call, the order of the series another one in each. */
export async function measureEngine(given: EngineCase): Promise<EngineFigures> {
  const all = madeSeries(given.series, given.width);
  const signals = given.signals === 'each' ? 'each' : (all[0]?.signals ?? []);
  const settings = detectionSettings({ signals, window: given.window });
  const learnt = await learnMade(all, settings);
  try {
    const network = new TimedNetwork(learnt.network);
    const builtIn = await timedRun(
      { ...given, before: builtInBefore },
      all,
      builtInModel(settings),
      () => {},
    );
    const run = await timedRun(given, all, { ...learnt.model, network }, () => {
      network.ms = 0;
    });
    const readings = given.series * given.measured;
    const micros = (ms: number) => (1000 * ms) / readings;
    return {
      name: given.name,
      readings,
      readingsPerSecond: (1000 * readings) / run.ms,
      builtInPerSecond: (1000 * readings) / builtIn.ms,
      stages: { network: micros(network.ms), rest: micros(run.ms - network.ms) },
      bytesPerSeries: { snapshot: run.snapshotBytes / given.series, memory: run.memoryBytes / given.series },
      snapshotMs: run.snapshotMs,
      training: { windows: learnt.windows, ms: learnt.ms },
    };
  } finally {
    await learnt.network.close();
  }
}

async function timedRun(
  { before, measured }: EngineCase,
  all: readonly MadeSeries[],
  model: DetectionModel,
  onStart: () => void,
) {
  let engine: Engine | null = new Engine({ model });
  const round = (row: number) => shuffled(all, row + 1).map((one) => rowsOf(one, row, row + 1));
  for (let row = 0; row < before; row += 1) await engine.process(round(row));
  onStart();
  let ms = 0;
  for (let row = before; row < before + measured; row += 1) {
    const blocks = round(row);
    const startedMs = cpuMs();
    await engine.process(blocks);
    ms += cpuMs() - startedMs;
  }
  const startedMs = cpuMs();
  const snapshotBytes = engine.snapshot().length;
  const snapshotMs = cpuMs() - startedMs;
  // What is freed with the engine was its own; what the process holds besides changes with every case.
  const withEngine = usedBytes();
  engine = null;
  return { ms, memoryBytes: withEngine - usedBytes(), snapshotBytes, snapshotMs };
}
