import path from 'node:path';
import { CommandFailure, UsageFailure } from '../failure.ts';
import { seriesKeyFrom } from '../series-key.ts';
import type { CsvOptions } from './csv-rows.ts';
import { type CsvSurvey, surveyCsv } from './csv-survey.ts';

/** A file with what must be known before its first row is sent. */
export interface PreparedFile {
  csv: CsvOptions;
  series: string;
  survey: CsvSurvey;
  /** Earliest row to be sent, epoch milliseconds as the file has it. */
  fromMs: number;
  /** Readings sent so far. */
  sent: number;
}

/** How a file is prepared. */
export interface PrepareOptions {
  file: string;
  series: string;
  signalPrefix: string;
  /** A row that cannot be read refuses the file. */
  strict: boolean;
  /** Only rows of this last part are sent; Infinity = all. */
  lastMs: number;
  signal: AbortSignal;
  /** Told what its user should know. */
  tell: (sentence: string) => void;
}

/** Rows that cannot be read, named one by one for each file; the rest is counted. */
const namedRows = 20;

/** Series key → file. Throws `UsageFailure` where two files would be one series. */
export function nameSeries(files: readonly string[], series: string | undefined): Map<string, string> {
  if (series !== undefined && files.length > 1)
    throw new UsageFailure('--series names one series, so give it one file.');
  const named = new Map<string, string>();
  for (const file of files) {
    const key = series ?? seriesKeyFrom(path.basename(file).replace(/(\.csv)?(\.gz)?$/i, ''));
    const other = named.get(key);
    if (other !== undefined)
      throw new UsageFailure(`${other} and ${file} would both be the series ${key}; send one with --series.`);
    named.set(key, file);
  }
  return named;
}

/** Reads a file once to know where it begins and ends, and tells which rows cannot be sent. */
export async function prepareFile(options: PrepareOptions): Promise<PreparedFile> {
  const { file, series, signalPrefix, strict, lastMs, signal, tell } = options;
  const csv: CsvOptions = { file, signalPrefix, signal };
  let named = 0;
  const survey = await surveyCsv(csv, ({ line, reason }) => {
    if (strict) throw new CommandFailure(`${file} line ${line}: ${reason}. Nothing was sent.`);
    named += 1;
    if (named <= namedRows) tell(`${file} line ${line} is skipped: ${reason}`);
  });
  if (named > namedRows) tell(`${file}: ${named - namedRows} more rows are skipped`);
  if (survey.outOfOrder > 0)
    tell(`${file}: ${survey.outOfOrder} rows are earlier than one before them and may count as late`);
  return { csv, series, survey, fromMs: Math.max(survey.firstMs, survey.lastMs - lastMs), sent: 0 };
}
