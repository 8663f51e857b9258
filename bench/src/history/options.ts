import { parseArgs } from 'node:util';

export const help = `Measures history: room before and after compaction, a chart of a month, and what a training reads.

Usage: npm run bench:history -- [options]; progress goes to stderr, the table to stdout
  --data DIR       CSV series to play (a folder as the Numenta Anomaly Benchmark's data/, read with its subfolders);
                   without it series are made: one signal of two decimals, a reading a minute
  --series N       series in the tables that are measured (1000)
  --written N      of them, series that are written and compacted; the others get copies of their days (100)
  --days N         days of history (31)
  --charts N       charts that are asked for (200)
  --json FILE      write all figures there as well
`;

export interface HistoryOptions {
  readonly data: string | null;
  readonly series: number;
  readonly written: number;
  readonly days: number;
  readonly charts: number;
  readonly json: string | null;
}

/** Reads the command line; null = help is wanted. @throws Error with one sentence for a call that cannot work */
export function readOptions(args: readonly string[]): HistoryOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      series: { type: 'string', default: '1000' },
      written: { type: 'string' },
      days: { type: 'string', default: '31' },
      charts: { type: 'string', default: '200' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  const series = atLeast('--series', values.series, 1);
  const written = Math.min(series, atLeast('--written', values.written ?? '100', 1));
  return {
    data: values.data ?? null,
    series,
    written,
    // A chart of a month and 14 days of training lie within.
    days: atLeast('--days', values.days, 14),
    charts: atLeast('--charts', values.charts, 1),
    json: values.json ?? null,
  };
}

function atLeast(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${option} is a whole number of at least ${least}, not "${text}".`);
  return value;
}
