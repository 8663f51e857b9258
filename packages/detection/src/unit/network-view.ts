import { fillWindow, hideNewestRow, type WindowRequest } from './scaled-window.ts';

// What a net is shown, and what its answer means, is told here and nowhere else. For each reading it gets a window with
// the newest row hidden (to expect it); where whole windows are judged, the same with it shown stands behind that. It
// gives back how they should have looked.

/** What a net made of the readings of a round. */
export class NetworkView {
  readonly window: number;
  readonly width: number;
  /** Windows that the net looks at per reading. */
  readonly windows: number;
  /** Mean square of the residuals per signal, of the reading that {@link windowError} was asked for last. */
  readonly energies: Float64Array;
  #input: Float32Array = new Float32Array(0);
  #output: Float32Array = new Float32Array(0);

  /** @param judgesWindows whether {@link windowError} will be asked for */
  constructor(window: number, width: number, judgesWindows: boolean) {
    this.window = window;
    this.width = width;
    this.windows = judgesWindows ? 2 : 1;
    this.energies = new Float64Array(width);
  }

  /** Numbers that the net gets per reading. */
  get size(): number {
    return this.windows * this.window * this.width;
  }

  /** Writes what the net is to see of one reading. @param values those of its newest row, from `valuesAt` on */
  fill(
    request: Omit<WindowRequest, 'window'>,
    values: Float32Array,
    valuesAt: number,
    into: Float32Array,
    offset: number,
  ): void {
    const { window, width } = this;
    const { shape, unit, back } = request;
    const last = offset + this.size - window * width;
    fillWindow({ shape, unit, window, back }, values, valuesAt, into, last);
    if (last > offset) hideNewestRow(into, offset, window, width);
    else {
      const newest = offset + this.size - width;
      for (let at = newest; at < newest + width; at += 1) into[at] = into[at - width] ?? 0;
    }
  }

  /** @param input windows as sent @param output the answer, of the same shape */
  show(input: Float32Array, output: Float32Array): void {
    this.#input = input;
    this.#output = output;
  }

  /** The scaled value that the net expected of a signal without having seen it. @param offset of the reading */
  expected(offset: number, column: number): number {
    return this.#output[offset + (this.window - 1) * this.width + column] ?? Number.NaN;
  }

  /**
   * How badly the net could reproduce the window with its newest row shown: the root mean square of the residuals,
   * scaled. Fills in {@link energies}.
   */
  windowError(offset: number): number {
    const { window, width, energies } = this;
    const input = this.#input;
    const output = this.#output;
    const from = offset + window * width;
    const to = from + window * width;
    let total = 0;
    for (let column = 0; column < width; column += 1) {
      let sum = 0;
      for (let at = from + column; at < to; at += width) {
        const residual = (input[at] ?? 0) - (output[at] ?? 0);
        sum += residual * residual;
      }
      energies[column] = sum / window;
      total += sum;
    }
    return Math.sqrt(total / (window * width));
  }
}
