import { readFile } from 'node:fs/promises';
import type { RowSpan } from '../scorers/row-span.ts';

/** A labelled window in event time, epoch ms, both ends in it. */
export type TimeSpan = readonly [fromMs: number, toMs: number];

/** The benchmark's `combined_windows.json`: windows per file (`category/name.csv`). */
export async function readNabWindows(file: string): Promise<Map<string, TimeSpan[]>> {
  const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${file} holds no windows`);
  return new Map(
    Object.entries(parsed).map(([name, spans]) => {
      if (!Array.isArray(spans)) throw new Error(`${file}: ${name} has no list of windows`);
      return [name, spans.map((span: unknown) => timesOf(span, `${file}: ${name}`))];
    }),
  );
}

function timesOf(span: unknown, where: string): TimeSpan {
  const times = Array.isArray(span) ? span.map((stamp) => Date.parse(`${stamp}Z`)) : [];
  const [from = Number.NaN, to = Number.NaN] = times;
  if (times.length !== 2 || Number.isNaN(from) || Number.isNaN(to))
    throw new Error(`${where}: a window needs two time stamps`);
  return [from, to];
}

/** The rows of windows: those with a window's first and last time. Windows without such rows are an error. */
export function windowRows(times: Float64Array, windows: readonly TimeSpan[], name: string): RowSpan[] {
  return windows.map(([fromMs, toMs]) => {
    const [first, last] = [times.indexOf(fromMs), times.indexOf(toMs)];
    if (first < 0 || last < first) throw new Error(`${name} has no rows at both ends of a labelled window`);
    return [first, last];
  });
}
