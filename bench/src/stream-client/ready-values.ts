import type { MadeReadings } from '../stream/made-readings.ts';
import type { Load } from './load.ts';

/** Beyond it (80 MB) values are made when they are sent. */
const mostValues = 20_000_000;

/**
 * The values of a load, made before it begins: producers have theirs at hand, and what making them takes would be missing
 * to the platform on the same cores.
 */
export function readyValues(
  { fromRow, rows, series: count }: Load,
  made: MadeReadings,
): (series: number, row: number) => number {
  if (rows * count > mostValues) return made.value;
  const values = new Float32Array(rows * count);
  for (let row = 0; row < rows; row += 1)
    for (let series = 0; series < count; series += 1)
      values[row * count + series] = made.value(series, fromRow + row);
  return (series, row) => values[(row - fromRow) * count + series] ?? Number.NaN;
}
