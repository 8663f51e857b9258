import { CommandFailure } from '../failure.ts';
import { type CsvOptions, csvRows, type MalformedRow } from '../replay/csv-rows.ts';

/** One reading of a file. */
export interface SeriesRow {
  /** The time stamp as the file has it. */
  readonly timeText: string;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** One per signal, in the file's order; `NaN` = missing. */
  readonly values: Float32Array;
}

/** Readings of one file with the names of its signals. */
export interface SeriesRows {
  readonly signals: readonly string[];
  readonly rows: readonly SeriesRow[];
}

/**
 * The readings of a CSV file in its order, in batches.
 * @param most readings in one batch
 * @param onMalformed told every row that cannot be read; throws where that must refuse the file
 * @throws CommandFailure for a file that cannot be used at all
 */
export async function* seriesRows(
  options: CsvOptions,
  most: number,
  onMalformed: (row: MalformedRow) => void,
): AsyncGenerator<SeriesRows> {
  let signals: string[] | null = null;
  let rows: SeriesRow[] = [];
  for await (const row of csvRows(options)) {
    if ('reason' in row) {
      onMalformed(row);
      continue;
    }
    signals ??= Object.keys(row.values);
    const values = Float32Array.from(Object.values(row.values), (value) => value ?? Number.NaN);
    rows.push({ timeText: row.timeText, timeMs: row.timeMs, values });
    if (rows.length < most) continue;
    yield { signals, rows };
    rows = [];
  }
  if (signals === null) throw new CommandFailure(`${options.file} has no row that can be scored.`);
  if (rows.length > 0) yield { signals, rows };
}
