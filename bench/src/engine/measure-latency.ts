import { builtInModel, detectionSettings, Engine, quantile } from '@verdict/detection';
import { cpuMs } from '../cpu-time.ts';
import { learnMade } from './learn-made.ts';
import { madeSeries, rowsOf } from './made-series.ts';

/** What is measured. */
export interface LatencyCase {
  readonly name: string;
  readonly width: number;
  readonly signals: 'each' | 'together';
  readonly window: number;
  readonly model: 'trained' | 'built-in';
}

/** How long one reading takes through the engine, from the call to its answer, ms. */
export interface LatencyFigures {
  readonly name: string;
  readonly readings: number;
  readonly clock: Percentiles;
  /** CPU time, all threads: it does not tell of others at work. */
  readonly cpu: Percentiles;
}

interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

/** So many that what a series remembers has its full size. */
const before = 1100;
const measured = 2000;
/** Series of which the version is learnt. */
const learntFrom = 20;

/** Gives the engine one series reading by reading, each in a call of its own. */
export async function measureLatency(given: LatencyCase): Promise<LatencyFigures> {
  const { name, width, window } = given;
  const all = madeSeries(learntFrom, width);
  const [one] = all;
  if (one === undefined) throw new RangeError('there is no series to measure');
  const signals = given.signals === 'each' ? 'each' : one.signals;
  const settings = detectionSettings({ signals, window });
  const learnt = given.model === 'built-in' ? null : await learnMade(all, settings);
  try {
    const model = learnt === null ? builtInModel(settings) : { ...learnt.model, network: learnt.network };
    const engine = new Engine({ model });
    for (let row = 0; row < before; row += 1) await engine.process([rowsOf(one, row, row + 1)]);
    const clock = new Float64Array(measured);
    const cpu = new Float64Array(measured);
    for (let at = 0; at < measured; at += 1) {
      const blocks = [rowsOf(one, before + at, before + at + 1)];
      const [startedMs, cpuStartedMs] = [performance.now(), cpuMs()];
      await engine.process(blocks);
      cpu[at] = cpuMs() - cpuStartedMs;
      clock[at] = performance.now() - startedMs;
    }
    return { name, readings: measured, clock: percentiles(clock), cpu: percentiles(cpu) };
  } finally {
    await learnt?.network.close();
  }
}

function percentiles(spentMs: Float64Array): Percentiles {
  spentMs.sort();
  return { p50: quantile(spentMs, 0.5), p99: quantile(spentMs, 0.99) };
}
