import type { RowSpan } from '../scorers/row-span.ts';

/** Which signals explain a stretch of a series. */
export interface Explained {
  readonly rows: RowSpan;
  /** Columns, counted from 0. */
  readonly signals: readonly number[];
}

/**
 * Reads `first-last:signal,signal,…` lines, signals counted from 1. Some sets give the row behind the last one, so
 * the end is taken from the label that begins at the same row, where there is one.
 */
export function parseInterpretation(text: string, labels: readonly RowSpan[]): Explained[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^(\d+)-(\d+):(\d+(?:,\d+)*)$/.exec(line);
      if (match === null) throw new Error(`"${line.slice(0, 60)}" is no interpretation`);
      const [, first, last, signals = ''] = match.map(String);
      const rows: RowSpan = labels.find(([from]) => from === Number(first)) ?? [Number(first), Number(last)];
      return { rows, signals: signals.split(',').map((signal) => Number(signal) - 1) };
    });
}
