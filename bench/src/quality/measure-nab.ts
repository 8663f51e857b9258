import path from 'node:path';
import { type BacktestSettings, findCsvFiles } from '@verdict/cli/backtest';
import { readNabWindows, windowRows } from '../corpus/nab-windows.ts';
import { countEvents, type EventCounts } from '../scorers/events.ts';
import { inProbation, nabPlaces } from '../scorers/nab-places.ts';
import type { NabFile } from '../scorers/nab-score.ts';
import type { RowSpan } from '../scorers/row-span.ts';
import { runSeries, type SeriesRun } from './series-run.ts';

/** One measured series of the benchmark. */
export interface NabSeries {
  readonly name: string;
  /** The folder that it lies in. */
  readonly category: string;
  readonly windows: readonly RowSpan[];
  /** By the score of each row, which is above the product's own threshold where an alarm is raised. */
  readonly scored: NabFile;
  /** A rule to compare with: the step from the row before, over the largest so far; 1 at each new largest. */
  readonly largestStep: NabFile;
  readonly events: EventCounts;
  readonly stepEvents: EventCounts;
  /** Outside of windows and the probation. */
  readonly quiet: { readonly readings: number; readonly alarms: number };
  readonly rows: number;
  readonly trainings: number;
  readonly cpuMs: number;
}

/** Runs the engine over every labelled file of the benchmark's folder. */
export async function measureNab(
  folder: string,
  settings: BacktestSettings,
  world: { signal: AbortSignal; tell: (sentence: string) => void; onSeries: (name: string) => void },
): Promise<NabSeries[]> {
  const labels = await readNabWindows(path.join(folder, 'labels', 'combined_windows.json'));
  const { root, names } = await findCsvFiles(path.join(folder, 'data'));
  const measured: NabSeries[] = [];
  for (const name of names) {
    const known = name.replaceAll(path.sep, '/');
    const windows = labels.get(known);
    if (windows === undefined) {
      world.tell(`${known} has no labels and is left out`);
      continue;
    }
    world.onSeries(known);
    const run = await runSeries(path.join(root, name), settings, world);
    measured.push(judge(known, run, windowRows(run.times, windows, known)));
  }
  return measured;
}

function judge(name: string, run: SeriesRun, windows: readonly RowSpan[]): NabSeries {
  const places = nabPlaces(run.rows, windows);
  let from = 0;
  while (from < run.rows && inProbation(places, from)) from += 1;
  const steps = largestSteps(run.values, run.signals.length);
  const fired: RowSpan[] = [...steps.keys()].filter((row) => steps[row] === 1).map((row) => [row, row]);
  const events = countEvents(windows, run.anomalies, from);
  let [readings, alarms] = [0, 0];
  for (let row = from; row < run.rows; row += 1) {
    if ((places.window[row] ?? 0) >= 0) continue;
    readings += 1;
    alarms += run.alarm[row] ?? 0;
  }
  return {
    name,
    category: name.split('/')[0] ?? '',
    windows,
    scored: { places, score: run.score },
    largestStep: { places, score: steps },
    events,
    stepEvents: countEvents(windows, fired, from),
    quiet: { readings, alarms },
    rows: run.rows,
    trainings: run.trainings,
    cpuMs: run.cpuMs,
  };
}

function largestSteps(values: Float32Array, width: number): Float64Array {
  const steps = new Float64Array(values.length / width);
  let largest = 0;
  for (let row = 1; row < steps.length; row += 1) {
    const step = Math.abs((values[row * width] ?? 0) - (values[(row - 1) * width] ?? 0));
    largest = Math.max(largest, step);
    steps[row] = largest > 0 ? step / largest : 0;
  }
  return steps;
}
