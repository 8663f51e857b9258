// What a net's answer means is told here and nowhere else. For each reading it gets two windows, one behind the other:
// the newest row hidden (to expect it), then shown (to judge the whole); it gives back how they should have looked.

/** Windows that a net looks at per reading. */
export const windowsPerReading = 2;

/** What a net made of the readings of a round. */
export class NetworkView {
  readonly window: number;
  readonly width: number;
  /** Mean square of the residuals per signal, of the reading that {@link windowError} was asked for last. */
  readonly energies: Float64Array;
  #input: Float32Array = new Float32Array(0);
  #output: Float32Array = new Float32Array(0);

  constructor(window: number, width: number) {
    this.window = window;
    this.width = width;
    this.energies = new Float64Array(width);
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
    const [input, output] = [this.#input, this.#output];
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
