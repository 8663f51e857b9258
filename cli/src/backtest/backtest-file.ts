import path from 'node:path';
import type { EngineResult } from '@verdict/detection';
import { CommandFailure } from '../failure.ts';
import type { MalformedRow } from '../replay/csv-rows.ts';
import { seriesKeyFrom } from '../series-key.ts';
import { Backtest, type ScoredReading } from './backtest.ts';
import type { BacktestSettings } from './backtest-settings.ts';
import { type SeriesRow, seriesRows } from './series-row.ts';

/** What to do with one file. */
export interface FileBacktest {
  readonly file: string;
  readonly settings: BacktestSettings;
  readonly onBadRow: 'refuse' | 'skip';
  readonly signal: AbortSignal;
  /** Told of rows that are skipped. */
  readonly tell: (sentence: string) => void;
  /** Given everything that was scored, in order. */
  readonly onScored: (part: ScoredPart) => void | Promise<void>;
}

/** Some readings of a file and what was said about them. */
export interface ScoredPart {
  readonly signals: readonly string[];
  readonly rows: readonly SeriesRow[];
  /** One per row. */
  readonly readings: readonly ScoredReading[];
  readonly results: readonly EngineResult[];
}

/** What came of a file. */
export interface FileSummary {
  readonly series: string;
  readonly signals: number;
  readonly readings: number;
  /** Rows that could not be read. */
  readonly malformed: number;
  /** Readings that were not newer than those before them. */
  readonly refused: number;
  /** Each of them raised one alarm. */
  readonly anomalies: number;
  /** Unusual readings that belong to one. */
  readonly inAnomalies: number;
  /** Nets learnt on the way. */
  readonly trainings: number;
}

/** Rows that cannot be read, named one by one; the rest is counted. */
const namedRows = 20;
/** Readings that are read from a file at once. */
const readAtOnce = 2048;

/** Runs the engine over a file, from its first row to its last. */
export async function backtestFile(request: FileBacktest): Promise<FileSummary> {
  const { file, settings, signal } = request;
  const series = seriesKeyFrom(path.basename(file).replace(/(\.csv)?(\.gz)?$/i, ''));
  const bad = new BadRows(request);
  const csv = { file, signalPrefix: '', signal };
  const sums = { signals: 0, readings: 0, refused: 0, anomalies: 0, inAnomalies: 0 };
  let backtest: Backtest | null = null;
  try {
    for await (const { signals, rows } of seriesRows(csv, readAtOnce, (row) => bad.take(row))) {
      backtest ??= startBacktest({ file, series, signals, settings, signal });
      const { readings, results } = await backtest.add(rows);
      sums.signals = signals.length;
      sums.readings += readings.length;
      for (const { refused, anomalyId } of readings) {
        if (refused !== null) sums.refused += 1;
        if (anomalyId !== null) sums.inAnomalies += 1;
      }
      for (const { figures } of results) sums.anomalies += figures.anomalies;
      await request.onScored({ signals, rows, readings, results });
    }
    bad.end();
    return { series, ...sums, malformed: bad.count, trainings: backtest?.trainings ?? 0 };
  } finally {
    await backtest?.close();
  }
}

function startBacktest(request: {
  file: string;
  series: string;
  signals: readonly string[];
  settings: BacktestSettings;
  signal: AbortSignal;
}): Backtest {
  try {
    return new Backtest(request);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandFailure(`${request.file} cannot be scored: ${error.message}.`);
  }
}

class BadRows {
  readonly #request: FileBacktest;
  count = 0;

  constructor(request: FileBacktest) {
    this.#request = request;
  }

  take({ line, reason }: MalformedRow): void {
    const { file, onBadRow, tell } = this.#request;
    if (onBadRow === 'refuse')
      throw new CommandFailure(`${file} line ${line}: ${reason}. With --on-bad-row skip it is left out.`);
    this.count += 1;
    if (this.count <= namedRows) tell(`${file} line ${line} is skipped: ${reason}`);
  }

  end(): void {
    const { file, tell } = this.#request;
    if (this.count > namedRows) tell(`${file}: ${this.count - namedRows} more rows are skipped`);
  }
}
