import type { SeriesBlock } from '@verdict/detection';
import { seededRandom } from './seeded-random.ts';

/** What was put into a series on purpose; rows from `from` up to, not including, `to`. */
export interface Injected {
  readonly series: string;
  readonly kind: 'spike' | 'drop' | 'drift' | 'flat';
  readonly from: number;
  readonly to: number;
}

export const shopSignals = ['requests', 'latency', 'cpu', 'errors'];
export const dayReadings = 240;
export const stepMs = 5000;
const startMs = Date.UTC(2026, 0, 5);

/** A shop's metrics: a day of 240 readings, a weaker weekend, four correlated signals, noise. */
export function shopHistory(seed: number, seriesCount: number, rows: number): SeriesBlock[] {
  return Array.from({ length: seriesCount }, (_, index) => {
    const random = seededRandom(seed * 1000 + index);
    const level = 50 + 100 * random.next();
    const swing = 0.3 + 0.4 * random.next();
    const phase = random.next();
    const second = 0.2 * random.next();
    const values = new Float32Array(rows * shopSignals.length);
    for (let row = 0; row < rows; row += 1) {
      const day = row / dayReadings + phase;
      const weekend = Math.floor(day) % 7 >= 5 ? 0.75 : 1;
      const blend = 1 + 0.03 * Math.sin((2 * Math.PI * day) / 7);
      const shape = 1 + swing * Math.sin(2 * Math.PI * day) + second * Math.sin(4 * Math.PI * day);
      const requests = level * weekend ** smooth(day) * blend * shape + level * 0.03 * random.normal();
      values[row * 4] = requests;
      values[row * 4 + 1] = 0.1 + (0.002 * requests) / (1 + 0.001 * level) + 0.01 * random.normal();
      values[row * 4 + 2] = 10 + 0.4 * requests + 1.5 * random.normal();
      values[row * 4 + 3] = 1 + 0.02 * requests + 0.15 * random.normal();
    }
    const times = Float64Array.from({ length: rows }, (_, row) => startMs + row * stepMs);
    return { series: `shop/${index}`, signals: shopSignals, times, values };
  });
}

/** The weekend comes in over a tenth of a day, not between two readings. */
function smooth(day: number): number {
  const part = day % 1;
  return Math.min(1, part / 0.1, (1 - part) / 0.1);
}

/** Standard deviation of a signal's noise around its shape, from third differences. */
export function noiseOf(block: SeriesBlock, signal: number): number {
  const width = block.signals.length;
  const at = (row: number) => block.values[row * width + signal] ?? 0;
  const differences: number[] = [];
  for (let row = 3; row < block.times.length; row += 1) {
    differences.push(Math.abs(at(row) - 3 * at(row - 1) + 3 * at(row - 2) - at(row - 3)));
  }
  differences.sort((a, b) => a - b);
  // Third differences of white noise have 1 + 9 + 9 + 1 times its variance.
  return (1.4826 * (differences[differences.length >> 1] ?? 0)) / Math.sqrt(20);
}

/** Puts faults into a copy, from `firstRow` on, about one per `every` readings and series. */
export function injectFaults(
  blocks: readonly SeriesBlock[],
  { seed, firstRow, every, sigmas }: { seed: number; firstRow: number; every: number; sigmas: number },
): { blocks: SeriesBlock[]; injected: Injected[] } {
  const random = seededRandom(seed);
  const injected: Injected[] = [];
  const kinds = ['spike', 'drop', 'spike', 'drop', 'drift', 'flat'] as const;
  const changed = blocks.map((block) => {
    const values = block.values.slice();
    const width = block.signals.length;
    let row = firstRow + Math.floor(every * random.next());
    while (row + 60 < block.times.length) {
      const kind = kinds[Math.floor(kinds.length * random.next())] ?? 'spike';
      const signal = Math.floor(width * random.next());
      const size = (sigmas + 6 * random.next()) * noiseOf(block, signal);
      const length = kind === 'spike' || kind === 'drop' ? 1 + Math.floor(4 * random.next()) : 48;
      const held = values[row * width + signal] ?? 0;
      for (let i = 0; i < length; i += 1) {
        const at = (row + i) * width + signal;
        const value = values[at] ?? 0;
        if (kind === 'spike') values[at] = value + size;
        else if (kind === 'drop') values[at] = value - size;
        else if (kind === 'drift') values[at] = value + (2 * size * i) / length;
        else values[at] = held;
      }
      injected.push({ series: block.series, kind, from: row, to: row + length });
      row += every + Math.floor(every * random.next());
    }
    return { ...block, values };
  });
  return { blocks: changed, injected };
}
