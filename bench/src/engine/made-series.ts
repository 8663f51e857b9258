import type { SeriesBlock } from '@verdict/detection';

/** Series that were made: a wave of their own period and level each, noise, and now and then a burst. */
export interface MadeSeries {
  readonly key: string;
  readonly signals: readonly string[];
  value(row: number, signal: number): number;
}

const intervalMs = 60_000;
const startMs = Date.UTC(2024, 0, 1);

export function madeSeries(count: number, width: number): MadeSeries[] {
  const signals = Array.from({ length: width }, (_, at) => `s${at}`);
  return Array.from({ length: count }, (_, series) => ({
    key: `bench/${series}`,
    signals,
    value(row, signal) {
      const place = series * 977 + signal * 131;
      const wave = Math.sin((2 * Math.PI * row) / (60 + (place % 180)) + place);
      const burst = (row + place) % 1511 > 1507 ? 8 : 0;
      return 100 + (place % 50) + 10 * wave + noise(row, place) + burst;
    },
  }));
}

/** Rows `from` up to, not including, `to`. */
export function rowsOf(series: MadeSeries, from: number, to: number): SeriesBlock {
  const width = series.signals.length;
  const values = new Float32Array((to - from) * width);
  for (let row = from; row < to; row += 1)
    for (let signal = 0; signal < width; signal += 1)
      values[(row - from) * width + signal] = series.value(row, signal);
  const times = Float64Array.from({ length: to - from }, (_, at) => startMs + (from + at) * intervalMs);
  return { series: series.key, signals: series.signals, times, values };
}

/** About normal, in a way that needs no state: the sum of three uniform parts made from row and place. */
function noise(row: number, place: number): number {
  let sum = 0;
  for (let part = 1; part <= 3; part += 1) {
    const rough = Math.sin(row * 12.9898 * part + place * 78.233) * 43758.5453;
    sum += rough - Math.floor(rough);
  }
  return 2 * (sum - 1.5);
}

/** The items in an order that looks like chance and is the same in every run. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = items.slice();
  let state = seed >>> 0 || 1;
  for (let last = order.length - 1; last > 0; last -= 1) {
    // Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8, 2003.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const other = (state >>> 0) % (last + 1);
    const [a, b] = [order[last], order[other]];
    if (a === undefined || b === undefined) continue;
    order[last] = b;
    order[other] = a;
  }
  return order;
}
