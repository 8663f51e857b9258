import type { RowSpan } from './row-span.ts';

/** What each row of a file is worth when it is detected. */
export interface NabPlaces {
  /** One per row: number of the window that it lies in; −1 outside; −2 in the probation, which is not scored. */
  readonly window: Int32Array;
  /** One per row: the scaled sigmoid of its place, in [−1, 1]; weights are not applied yet. */
  readonly worth: Float64Array;
  readonly windows: number;
}

const outside = -1;
const probation = -2;
const probationShare = 0.15;
const mostProbation = 750;

/**
 * Places of a file's rows by the Numenta Anomaly Benchmark v1 (Lavin and Ahmad, "Evaluating Real-time Anomaly
 * Detection Algorithms", ICMLA 2015): early in a window is worth most, just behind it little is lost, far away all.
 */
export function nabPlaces(rows: number, windows: readonly RowSpan[]): NabPlaces {
  const probationRows = Math.min(Math.floor(probationShare * rows), mostProbation);
  const window = new Int32Array(rows).fill(outside);
  const worth = new Float64Array(rows);
  let next = 0;
  let last: RowSpan | null = null;
  for (let row = 0; row < rows; row += 1) {
    const span = windows[next];
    if (span !== undefined && row >= span[0]) {
      const width = span[1] - span[0] + 1;
      window[row] = next;
      worth[row] = scaledSigmoid(-(span[1] - row + 1) / width);
      if (row === span[1]) {
        last = span;
        next += 1;
      }
    } else {
      worth[row] = last === null ? -1 : scaledSigmoid((row - last[1]) / (last[1] - last[0]));
    }
    if (row < probationRows) window[row] = probation;
  }
  return { window, worth, windows: windows.length };
}

/** Whether a row is read for the warm-up only. */
export function inProbation(places: NabPlaces, row: number): boolean {
  return places.window[row] === probation;
}

function scaledSigmoid(place: number): number {
  return place >= 3 ? -1 : 2 / (1 + Math.exp(5 * place)) - 1;
}

/** The worth of the first row of a window. */
export const highestWorth = scaledSigmoid(-1);
