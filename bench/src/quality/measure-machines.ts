import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BacktestSettings, findCsvFiles } from '@verdict/cli/backtest';
import { robustMahalanobis } from '../anchors/robust-mahalanobis.ts';
import { whitenedPca } from '../anchors/whitened-pca.ts';
import { parseInterpretation } from '../corpus/interpretation.ts';
import { readIntervalLabels } from '../corpus/interval-labels.ts';
import { countEvents, eventFigures } from '../scorers/events.ts';
import { vus } from '../scorers/vus.ts';
import { type Without, withoutEach } from './cross-check.ts';
import { countHits, noHits } from './explanation.ts';
import {
  type MachineFigures,
  type MachinesSummary,
  machinesSummary,
  partsOfMachine,
} from './machines-summary.ts';
import { runSeries, type SeriesRun } from './series-run.ts';

/** What the table says about a set of machines. */
export interface MachinesReport extends MachinesSummary {
  readonly window: number;
  readonly machines: readonly MachineFigures[];
  /** The same figures without each machine, and without each group of machines. */
  readonly without: Without<MachinesSummary>;
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
  let [cpuMs, rows] = [0, 0];
  for (const file of names) {
    const name = file.replace(/\.csv(\.gz)?$/i, '');
    const spans = labels.get(name);
    if (spans === undefined) continue;
    world.onSeries(name);
    const run = await runSeries(path.join(root, file), settings, world);
    const explained = await interpretation(
      path.join(root, `${name.replace(/\.test$/, '')}.interpretation.txt`),
    );
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
      hits: explained === null ? noHits : countHits(run, parseInterpretation(explained, spans)),
      quiet: alarmsOutside(run, spans),
      trainings: run.trainings,
      cpuMsPerReading: run.cpuMs / run.rows,
    });
    cpuMs += run.cpuMs;
    rows += run.rows;
  }
  return {
    window,
    machines,
    ...machinesSummary(machines),
    without: withoutEach(machines, partsOfMachine, machinesSummary),
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
