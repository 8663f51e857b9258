/** What a net made of a reading's two windows. */
export interface NetworkView {
  /** rows × input width as sent, two rows per reading: the newest row hidden, then shown. */
  readonly input: Float32Array;
  readonly output: Float32Array;
  /** Index of the first number of the reading's first row. */
  readonly offset: number;
  readonly window: number;
  readonly width: number;
}

/** The scaled value that the net expected of a signal without having seen it. */
export function expectedBy(view: NetworkView, column: number): number {
  return view.output[view.offset + (view.window - 1) * view.width + column] ?? Number.NaN;
}

export interface WindowError {
  /** Root mean square of the residuals of the whole window, scaled. */
  readonly error: number;
  /** Mean square per signal. */
  readonly energies: Float64Array;
}

/** How badly the net could reproduce the window with its newest row shown. */
export function windowError(view: NetworkView): WindowError {
  const { input, output, window, width } = view;
  const from = view.offset + window * width;
  const energies = new Float64Array(width);
  let total = 0;
  for (let row = 0; row < window; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const at = from + row * width + column;
      const residual = (input[at] ?? 0) - (output[at] ?? 0);
      energies[column] = (energies[column] ?? 0) + (residual * residual) / window;
      total += residual * residual;
    }
  }
  return { error: Math.sqrt(total / (window * width)), energies };
}
