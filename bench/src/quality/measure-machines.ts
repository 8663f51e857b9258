import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BacktestSettings, findCsvFiles } from '@verdict/cli/backtest';
import { robustMahalanobis } from '../anchors/robust-mahalanobis.ts';
import { whitenedPca } from '../anchors/whitened-pca.ts';
import { parseInterpretation } from '../corpus/interpretation.ts';
import { readIntervalLabels } from '../corpus/interval-labels.ts';
import { countEvents, type EventCounts, type EventFigures, eventFigures } from '../scorers/events.ts';
import { vus } from '../scorers/vus.ts';
import { HitRateSum, type HitRates } from './explanation.ts';
import { sumEvents } from './measure-nab.ts';
import type { QuietFigures } from './nab-report.ts';
import { runSeries, type SeriesRun } from './series-run.ts';

/** One measured machine. */
interface MachineFigures {
  readonly name: string;
  readonly rows: number;
  /** VUS-PR of the engine and of the anchors. */
  readonly vusPr: { readonly engine: number; readonly mahalanobis: number; readonly pca: number };
  readonly vusRoc: number;
  readonly events: EventCounts;
  readonly figures: EventFigures;
  readonly trainings: number;
  readonly cpuMsPerReading: number;
}

/** What the table says about a set of machines. */
export interface MachinesReport {
  readonly window: number;
  readonly machines: readonly MachineFigures[];
  readonly mean: MachineFigures['vusPr'];
  readonly events: EventFigures;
  readonly hitRates: HitRates;
  readonly quiet: QuietFigures;
  readonly cpuMsPerReading: number;
}

/**
 * Runs the engine over the labelled parts (`*.test`) of a set of machines, each with its own warm-up.
 * @param window of VUS, rows
 */
export async function measureMachines(
  folder: string,
  window: number,
  settings: BacktestSettings,
  world: { signal: AbortSignal; tell: (sentence: string) => void; onSeries: (name: string) => void },
): Promise<MachinesReport> {
  const labels = await readIntervalLabels(path.join(folder, 'labels.json'));
  const { root, names } = await findCsvFiles(folder);
  const machines: MachineFigures[] = [];
  const hits = new HitRateSum();
  let [quietReadings, quietAlarms, cpuMs, rows] = [0, 0, 0, 0];
  for (const file of names) {
    const name = file.replace(/\.csv(\.gz)?$/i, '');
    const spans = labels.get(name);
    if (spans === undefined) continue;
    world.onSeries(name);
    const run = await runSeries(path.join(root, file), settings, world);
    const explained = await interpretation(
      path.join(root, `${name.replace(/\.test$/, '')}.interpretation.txt`),
    );
    if (explained !== null) hits.add(run, parseInterpretation(explained, spans));
    const table = { values: run.values, width: run.signals.length, count: run.rows };
    const { pr, roc } = vus(run.score, spans, window);
    const events = countEvents(spans, run.anomalies);
    machines.push({
      name,
      rows: run.rows,
      vusPr: {
        engine: pr,
        mahalanobis: vus(robustMahalanobis(table), spans, window).pr,
        pca: vus(whitenedPca(table), spans, window).pr,
      },
      vusRoc: roc,
      events,
      figures: eventFigures(events),
      trainings: run.trainings,
      cpuMsPerReading: run.cpuMs / run.rows,
    });
    const outside = alarmsOutside(run, spans);
    quietReadings += outside.readings;
    quietAlarms += outside.alarms;
    cpuMs += run.cpuMs;
    rows += run.rows;
  }
  const mean = (of: (one: MachineFigures) => number) =>
    machines.reduce((sum, one) => sum + of(one), 0) / machines.length;
  const counts = sumEvents(machines.map(({ events }) => events));
  return {
    window,
    machines,
    mean: {
      engine: mean(({ vusPr }) => vusPr.engine),
      mahalanobis: mean(({ vusPr }) => vusPr.mahalanobis),
      pca: mean(({ vusPr }) => vusPr.pca),
    },
    events: eventFigures(counts),
    hitRates: hits.rates(),
    quiet: {
      readings: quietReadings,
      alarms: (1000 * quietAlarms) / quietReadings,
    },
    cpuMsPerReading: cpuMs / rows,
  };
}

async function interpretation(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // A set may come without explanations; anything else is worth knowing.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function alarmsOutside(run: SeriesRun, labels: readonly (readonly [number, number])[]) {
  const labelled = new Uint8Array(run.rows);
  for (const [first, last] of labels) labelled.fill(1, first, last + 1);
  let [readings, alarms] = [0, 0];
  labelled.forEach((one, row) => {
    if (one === 1) return;
    readings += 1;
    alarms += run.alarm[row] ?? 0;
  });
  return { readings, alarms };
}
