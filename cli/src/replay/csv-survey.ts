import { CommandFailure } from '../failure.ts';
import { type CsvOptions, csvRows, type MalformedRow } from './csv-rows.ts';

/** What a first reading of a file found. */
export interface CsvSurvey {
  rows: number;
  malformed: number;
  /** Earliest and latest time in the file, epoch milliseconds. */
  firstMs: number;
  lastMs: number;
  /** Rows earlier than one before them; the platform treats them as late. */
  outOfOrder: number;
}

/**
 * Reads a file once without keeping it: where it begins and ends must be known before its first row can be sent.
 * `onMalformed` is told every row that cannot be sent. Throws `CommandFailure` when no row can.
 */
export async function surveyCsv(
  options: CsvOptions,
  onMalformed: (row: MalformedRow) => void,
): Promise<CsvSurvey> {
  const survey: CsvSurvey = {
    rows: 0,
    malformed: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    outOfOrder: 0,
  };
  for await (const row of csvRows(options)) {
    if ('reason' in row) {
      survey.malformed += 1;
      onMalformed(row);
      continue;
    }
    survey.rows += 1;
    if (row.timeMs < survey.lastMs) survey.outOfOrder += 1;
    survey.firstMs = Math.min(survey.firstMs, row.timeMs);
    survey.lastMs = Math.max(survey.lastMs, row.timeMs);
  }
  if (survey.rows === 0) throw new CommandFailure(`${options.file} has no row that can be sent.`);
  return survey;
}
