import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SignalValue } from '@verdict/contracts';
import { parse } from 'csv-parse';
import { CommandFailure } from '../failure.ts';
import { signalNameFrom } from '../series-key.ts';
import { parseRowTime } from './row-time.ts';

/** A row of a CSV file that can be sent. */
export interface CsvRow {
  /** The time stamp as it stands in the file, without space around it. */
  timeText: string;
  /** Epoch milliseconds, as the file has it. */
  timeMs: number;
  /** One value per signal; null where the cell is empty. */
  values: Record<string, number | null>;
}

/** A row that cannot be sent, and why. */
export interface MalformedRow {
  line: number;
  reason: string;
}

/** How a file is to be read. */
export interface CsvOptions {
  file: string;
  /** Put before each signal's name. */
  signalPrefix: string;
  signal: AbortSignal;
}

/** One record is never longer than this, so that a file without line ends does not fill the memory. */
const largestRecordBytes = 1_000_000;
const missing = new Set(['', 'nan', 'null', 'na']);

/**
 * Reads a CSV file (gzip when its name ends in `.gz`) row by row: a heading, then a time stamp and one column per
 * signal. Throws `CommandFailure` for a file that cannot be used at all.
 */
export async function* csvRows(options: CsvOptions): AsyncGenerator<CsvRow | MalformedRow> {
  const { file, signalPrefix, signal } = options;
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: largestRecordBytes,
  });
  const source = createReadStream(file, { signal });
  const stages = file.endsWith('.gz') ? [source, createGunzip(), parser] : [source, parser];
  // Errors of every stage come out of the last one, where they are thrown below.
  pipeline(stages, (error) => void (error && parser.destroy(error)));
  let names: string[] | null = null;
  try {
    for await (const { info, record } of parser as AsyncIterable<{
      info: { lines: number };
      record: string[];
    }>) {
      if (names === null) names = signalNames(file, record, signalPrefix);
      else yield readRow(names, record, info.lines);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  } finally {
    source.destroy();
  }
  if (names === null) throw new CommandFailure(`${file} is empty: a heading and rows are needed.`);
}

/** Names of the signals, from the heading without its first column. */
function signalNames(file: string, heading: readonly string[], prefix: string): string[] {
  const titles = heading.slice(1);
  if (titles.length === 0)
    throw new CommandFailure(
      `${file} needs a heading with a time column and at least one signal, separated by commas.`,
    );
  if (heading.every((title) => parseRowTime(title) !== null || Number.isFinite(Number(title))))
    throw new CommandFailure(`${file} has no heading: its first line must name the columns.`);
  const label = titles.find((title) => title.trim().toLowerCase() === 'label');
  if (label !== undefined)
    throw new CommandFailure(
      `${file} has a column "${label}": answers must not be sent as a signal. Remove the column and try again.`,
    );
  const names = titles.map((title) => signalNameFrom(prefix + title.trim()));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new CommandFailure(`${file} has two columns named "${twice}": rename one.`);
  return names;
}

function readRow(names: readonly string[], record: readonly string[], line: number): CsvRow | MalformedRow {
  const [time = '', ...cells] = record;
  if (cells.length !== names.length)
    return { line, reason: `${record.length} columns instead of ${names.length + 1}` };
  const timeMs = parseRowTime(time);
  if (timeMs === null) return { line, reason: `"${time.slice(0, 40)}" is no time` };
  const values: Record<string, number | null> = {};
  for (const [at, name] of names.entries()) {
    const cell = (cells[at] ?? '').trim();
    const value = missing.has(cell.toLowerCase()) ? null : Number(cell);
    if (!SignalValue.safeParse(value).success)
      return { line, reason: `${name} is "${cell.slice(0, 40)}", which is no number` };
    values[name] = value;
  }
  return { timeText: time.trim(), timeMs, values };
}
