import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { utcMs } from './file-shift.ts';

/** Interval that people marked as anomalous, epoch milliseconds. */
export interface LabelledWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Reads the labels of one folder of the Numenta Anomaly Benchmark: windows by the file's name without `.csv`, which
 * is the series key that `verdict replay` gives it. Their times are UTC.
 */
export async function readLabelledWindows(
  benchmark: string,
  folder: string,
): Promise<Map<string, LabelledWindow[]>> {
  const text = await readFile(path.join(benchmark, 'labels/combined_windows.json'), 'utf8');
  const labels = JSON.parse(text) as Record<string, [from: string, to: string][]>;
  const windows = new Map<string, LabelledWindow[]>();
  for (const [file, pairs] of Object.entries(labels)) {
    if (!file.startsWith(`${folder}/`)) continue;
    windows.set(
      path.basename(file, '.csv'),
      pairs.map(([from, to]) => ({ fromMs: utcMs(from), toMs: utcMs(to) })),
    );
  }
  return windows;
}
