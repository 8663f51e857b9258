import type { ScoredPart } from './backtest-file.ts';

/** Most columns of a picture: what lies closer together is drawn as its lowest and highest value. */
const mostColumns = 1200;

/** Lowest and highest value per column of one curve; `NaN` where there is none. */
export interface Trace {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Gathers what a picture of a file needs, in bounded memory: columns are merged in pairs as the file grows. */
export class PlotTrace {
  #readingsPerColumn = 1;
  #readings = 0;
  #firstMs = Number.NaN;
  #lastMs = Number.NaN;
  #names: readonly string[] = [];
  /** The signals, then the score. */
  #traces: Trace[] = [];
  readonly #alarms = new Uint8Array(mostColumns);
  #weights: Float64Array = new Float64Array(0);

  add({ signals, rows, readings, results }: ScoredPart): void {
    if (this.#traces.length === 0) {
      this.#names = signals;
      this.#weights = new Float64Array(signals.length);
      this.#traces = Array.from({ length: signals.length + 1 }, emptyTrace);
    }
    for (const { anomalies } of results)
      for (const { kind, signals: shares } of anomalies)
        if (kind === 'opened') for (const { signal, share } of shares) this.#weigh(signal, share);
    rows.forEach(({ values }, index) => {
      const reading = readings[index];
      if (reading === undefined) return;
      const column = this.#column();
      if (Number.isNaN(this.#firstMs)) this.#firstMs = reading.timeMs;
      this.#lastMs = reading.timeMs;
      values.forEach((value, signal) => {
        widen(this.#traces[signal], column, value);
      });
      widen(this.#traces[signals.length], column, reading.score);
      if (reading.anomalyId !== null) this.#alarms[column] = 1;
    });
  }

  #weigh(signal: string, share: number): void {
    const at = this.#names.indexOf(signal);
    if (at >= 0) this.#weights[at] = (this.#weights[at] ?? 0) + share;
  }

  #column(): number {
    if (this.#readings >= mostColumns * this.#readingsPerColumn) this.#halve();
    const column = Math.floor(this.#readings / this.#readingsPerColumn);
    this.#readings += 1;
    return column;
  }

  #halve(): void {
    this.#readingsPerColumn *= 2;
    for (const { low, high } of this.#traces) {
      mergePairs(low, Math.min);
      mergePairs(high, Math.max);
    }
    for (let at = 0; at < mostColumns / 2; at += 1)
      this.#alarms[at] = Math.max(this.#alarms[2 * at] ?? 0, this.#alarms[2 * at + 1] ?? 0);
    this.#alarms.fill(0, mostColumns / 2);
  }

  /** @param most signals in it; those with the largest part in anomalies are taken first */
  picture(most: number) {
    const columns = Math.ceil(this.#readings / this.#readingsPerColumn);
    const order = this.#names.map((_, at) => at);
    const chosen = order
      .sort((a, b) => (this.#weights[b] ?? 0) - (this.#weights[a] ?? 0) || a - b)
      .slice(0, most)
      .sort((a, b) => a - b);
    return {
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      readings: this.#readings,
      columns,
      signals: chosen.map((at) => ({ name: this.#names[at] ?? '', trace: this.#traces[at] ?? emptyTrace() })),
      leftOut: this.#names.length - chosen.length,
      score: this.#traces[this.#names.length] ?? emptyTrace(),
      alarms: this.#alarms.slice(0, columns),
    };
  }
}

export type Picture = ReturnType<PlotTrace['picture']>;

function emptyTrace(): Trace {
  return {
    low: new Float64Array(mostColumns).fill(Number.NaN),
    high: new Float64Array(mostColumns).fill(Number.NaN),
  };
}

function widen(trace: Trace | undefined, column: number, value: number): void {
  if (trace === undefined || Number.isNaN(value)) return;
  const { low, high } = trace;
  if (!(value >= (low[column] ?? Number.NaN))) low[column] = value;
  if (!(value <= (high[column] ?? Number.NaN))) high[column] = value;
}

function mergePairs(values: Float64Array, pick: (a: number, b: number) => number): void {
  for (let at = 0; at < mostColumns / 2; at += 1) {
    const [a, b] = [values[2 * at] ?? Number.NaN, values[2 * at + 1] ?? Number.NaN];
    values[at] = Number.isNaN(a) ? b : Number.isNaN(b) ? a : pick(a, b);
  }
  values.fill(Number.NaN, mostColumns / 2);
}
