import { type BacktestSettings, backtestFile, type ScoredPart, streamScore } from '@verdict/cli/backtest';
import type { AnomalyChange } from '@verdict/detection';
import { cpuMs } from '../cpu-time.ts';
import type { RowSpan } from '../scorers/row-span.ts';

/** Everything that the engine said about one file, row by row. */
export interface SeriesRun {
  readonly rows: number;
  readonly signals: readonly string[];
  readonly times: Float64Array;
  /** As a backtest writes it: above 0.5 exactly where an alarm is raised. */
  readonly score: Float64Array;
  /** 1 at the rows that raise an alarm: each opens an anomaly. */
  readonly alarm: Uint8Array;
  /** First and last alarming row of each anomaly. */
  readonly anomalies: readonly RowSpan[];
  /** What people were told of anomalies in the end: the shares of their signals at the peak. */
  readonly told: readonly AnomalyChange[];
  /** rows × signals, as read. */
  readonly values: Float32Array;
  /** rows × signals: squared distance from what was expected in units of the band, 0 where nothing was expected. */
  readonly distance: Float32Array;
  readonly trainings: number;
  /** CPU time of everything: reading the file, scoring, training. The wall clock would tell of others at work. */
  readonly cpuMs: number;
}

/** Reads a file once, along the same path as `verdict backtest`. */
export async function runSeries(
  file: string,
  settings: BacktestSettings,
  { signal, tell }: { signal: AbortSignal; tell: (sentence: string) => void },
): Promise<SeriesRun> {
  const parts: ScoredPart[] = [];
  const startedMs = cpuMs();
  const { trainings } = await backtestFile({
    file,
    settings,
    onBadRow: 'skip',
    signal,
    tell,
    onScored: (part) => void parts.push(part),
  });
  const spentMs = cpuMs() - startedMs;
  const readings = parts.flatMap((part) => part.readings);
  const signals = parts[0]?.signals ?? [];
  const spans = new Map<string, [number, number]>();
  readings.forEach(({ anomalyId }, row) => {
    if (anomalyId === null) return;
    const span = spans.get(anomalyId);
    if (span === undefined) spans.set(anomalyId, [row, row]);
    else span[1] = row;
  });
  const anomalies = [...spans.values()];
  return {
    rows: readings.length,
    signals,
    times: Float64Array.from(readings, ({ timeMs }) => timeMs),
    score: Float64Array.from(readings, streamScore),
    alarm: Uint8Array.from(readings, ({ raised }) => (raised ? 1 : 0)),
    anomalies,
    told: toldOf(parts),
    ...columnsOf(parts, readings.length, signals.length),
    trainings,
    cpuMs: spentMs,
  };
}

function toldOf(parts: readonly ScoredPart[]): AnomalyChange[] {
  const newest = new Map<number, AnomalyChange>();
  for (const { results } of parts)
    for (const { anomalies } of results) for (const change of anomalies) newest.set(change.startTime, change);
  return [...newest.values()];
}

function columnsOf(parts: readonly ScoredPart[], rows: number, width: number) {
  const values = new Float32Array(rows * width);
  const distance = new Float32Array(rows * width);
  let row = 0;
  for (const part of parts) {
    // The scored blocks hold the accepted rows alone, in their order.
    const blocks = part.results.flatMap(({ scored }) => scored);
    let [block, within] = [0, 0];
    part.rows.forEach((given, index) => {
      values.set(given.values, row * width);
      if (part.readings[index]?.refused === null) {
        while (within >= (blocks[block]?.times.length ?? Number.POSITIVE_INFINITY)) {
          block += 1;
          within = 0;
        }
        const from = blocks[block];
        for (let column = 0; from !== undefined && column < width; column += 1) {
          const at = within * width + column;
          const off = (from.values[at] ?? 0) - (from.expected[at] ?? Number.NaN);
          const squared = (off / (from.band[at] ?? Number.NaN)) ** 2;
          distance[row * width + column] = Number.isFinite(squared) ? squared : 0;
        }
        within += 1;
      }
      row += 1;
    });
  }
  return { values, distance };
}
