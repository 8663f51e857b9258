import { type DetectionModel, detectionSettings, Engine } from '@verdict/detection';
import { cpuMs } from '../cpu-time.ts';
import { learnMade } from './learn-made.ts';
import { madeSeries, rowsOf, shuffled } from './made-series.ts';
import { usedBytes } from './used-bytes.ts';

/** What a reading costs with so many series of one signal. */
export interface ScaleFigures {
  readonly series: number;
  /** Microseconds of CPU time per reading, by the readings of each series in a call. */
  readonly micros: readonly { readonly perCall: number; readonly micros: number }[];
  /** All that the engine holds, what does not grow with the series too. */
  readonly bytesPerSeries: number;
}

export interface ScaleCase {
  readonly series: readonly number[];
  readonly perCall: readonly number[];
}

/** So many that nets look at all readings and series have thresholds of their own. */
const before = 160;
const beforePerCall = 16;
/** Readings of all series that are measured for one figure, at least. */
const fewestMeasured = 200_000;
const fewestCalls = 4;

/** Asks whether the cost of a reading grows with the number of series; the order of the series is another in each call. */
export async function measureScale({ series, perCall }: ScaleCase): Promise<ScaleFigures[]> {
  const settings = detectionSettings({ signals: 'each', window: 32 });
  const learnt = await learnMade(madeSeries(20, 1), settings);
  try {
    const model = { ...learnt.model, network: learnt.network };
    const figures: ScaleFigures[] = [];
    for (const count of series) figures.push(await measureCount(model, count, perCall));
    return figures;
  } finally {
    await learnt.network.close();
  }
}

async function measureCount(
  model: DetectionModel,
  count: number,
  perCall: readonly number[],
): Promise<ScaleFigures> {
  const all = madeSeries(count, 1);
  let engine: Engine | null = new Engine({ model });
  let row = 0;
  const next = (readings: number) => {
    const from = row;
    row += readings;
    return shuffled(all, row).map((one) => rowsOf(one, from, row));
  };
  while (row < before) await engine.process(next(beforePerCall));
  const micros: { perCall: number; micros: number }[] = [];
  for (const readings of perCall) {
    const calls = Math.max(fewestCalls, Math.ceil(fewestMeasured / (count * readings)));
    let ms = 0;
    for (let call = 0; call < calls; call += 1) {
      const blocks = next(readings);
      const startedMs = cpuMs();
      await engine.process(blocks);
      ms += cpuMs() - startedMs;
    }
    micros.push({ perCall: readings, micros: (1000 * ms) / (calls * count * readings) });
  }
  const withEngine = usedBytes();
  engine = null;
  return { series: count, micros, bytesPerSeries: (withEngine - usedBytes()) / count };
}
