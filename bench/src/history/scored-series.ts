import path from 'node:path';
import { backtestFile, defaultBacktest, findCsvFiles } from '@verdict/cli/backtest';
import { builtInModel, detectionSettings, Engine, type ScoredBlock } from '@verdict/detection';
import { type HistoryRows, keptBand, keptExpected, keptScore, mergeRows } from '@verdict/storage';
import { madeSeries, rowsOf } from '../engine/made-series.ts';

export const dayMs = 86_400_000;
const madeMinutes = 1440;

/**
 * Series of a folder as the built-in version scores them, in the precision that history keeps. A net that learns on the
 * way takes minutes, and changes the room that they need by a hundredth.
 */
export async function readScored(
  folder: string,
  world: { signal: AbortSignal; onSeries: (name: string) => void },
): Promise<HistoryRows[]> {
  const { root, names } = await findCsvFiles(folder);
  const all: HistoryRows[] = [];
  for (const name of names) {
    world.onSeries(name);
    const parts: HistoryRows[] = [];
    await backtestFile({
      file: path.join(root, name),
      settings: { ...defaultBacktest, model: 'built-in' },
      onBadRow: 'skip',
      signal: world.signal,
      tell: () => undefined,
      onScored: ({ results }) => {
        for (const { scored } of results) for (const block of scored) parts.push(kept(block));
      },
    });
    const rows = mergeRows(parts);
    if (rows !== null) all.push(rows);
  }
  if (all.length === 0) throw new Error(`No readings in ${folder}.`);
  return all;
}

/** Made series, scored by the built-in version: a reading a minute, two decimals as monitoring tells them. */
export async function makeScored(count: number, days: number): Promise<HistoryRows[]> {
  const engine = new Engine({ model: builtInModel(detectionSettings({ signals: 'each', window: 32 })) });
  const all: HistoryRows[] = [];
  for (const series of madeSeries(count, 1)) {
    const parts: HistoryRows[] = [];
    for (let day = 0; day < days; day += 1) {
      const block = rowsOf(series, day * madeMinutes, (day + 1) * madeMinutes);
      const values = block.values.map((value) => Math.round(value * 100) / 100);
      const { scored } = await engine.process([{ ...block, values }]);
      for (const one of scored) parts.push(kept(one));
    }
    const rows = mergeRows(parts);
    if (rows !== null) all.push(rows);
  }
  return all;
}

function kept({ signals, times, values, expected, band, score, flags }: ScoredBlock): HistoryRows {
  return {
    signals,
    times,
    values,
    expected: expected.map((one, at) => keptExpected(one, band[at] ?? Number.NaN)),
    band: band.map(keptBand),
    score: score.map(keptScore),
    flags,
  };
}
