import { quantile, type SeriesBlock } from '@verdict/detection';
import { seededRandom } from './seeded-random.ts';

/** A fault that was put into quiet history to see whether it is found. Rows `from` up to, not including, `to`. */
export interface Probe {
  /** Index of the block. */
  readonly block: number;
  readonly signal: string;
  readonly kind: 'spike' | 'drop';
  readonly from: number;
  readonly to: number;
}

export interface ProbeRequest {
  readonly blocks: readonly SeriesBlock[];
  /** Signals to disturb; others are left alone. */
  readonly signals: 'each' | readonly string[];
  readonly seed: number;
  /** About one probe per this many rows. */
  readonly every: number;
}

/** A probe is at least this many standard deviations of the signal's noise large … */
const noiseSigmas = 8;
/** … and at least this part of the signal's 5 to 95 % span, for signals without noise. */
const spanPart = 0.25;
const longest = 3;

/**
 * Puts spikes and drops of one to three readings into copies of quiet history, each into one signal.
 * Signals that stand still are left alone: everything stands out there.
 */
export function injectProbes({ blocks, signals, seed, every }: ProbeRequest): {
  blocks: SeriesBlock[];
  probes: Probe[];
} {
  const random = seededRandom(seed);
  const probes: Probe[] = [];
  const changed = blocks.map((block, index) => {
    const values = block.values.slice();
    const width = block.signals.length;
    const sizes = block.signals.map((signal, column) =>
      signals === 'each' || signals.includes(signal) ? probeSize(block, column) : 0,
    );
    const candidates = sizes.flatMap((size, column) => (size > 0 ? [column] : []));
    let from = Math.floor(every * random.next());
    while (candidates.length > 0 && from + longest < block.times.length) {
      const column = candidates[Math.floor(random.next() * candidates.length)] ?? 0;
      const kind = random.next() < 0.5 ? 'spike' : 'drop';
      const to = from + 1 + Math.floor(longest * random.next());
      const shift = (sizes[column] ?? 0) * (1 + random.next()) * (kind === 'spike' ? 1 : -1);
      for (let row = from; row < to; row += 1) {
        values[row * width + column] = (values[row * width + column] ?? Number.NaN) + shift;
      }
      if (!Number.isNaN(values[from * width + column] ?? Number.NaN)) {
        probes.push({ block: index, signal: block.signals[column] ?? '', kind, from, to });
      }
      from += every + Math.floor(every * random.next());
    }
    return { ...block, values };
  });
  return { blocks: changed, probes };
}

function probeSize(block: SeriesBlock, column: number): number {
  const width = block.signals.length;
  const values: number[] = [];
  for (let row = 0; row < block.times.length; row += 1) {
    const value = block.values[row * width + column] ?? Number.NaN;
    if (!Number.isNaN(value)) values.push(value);
  }
  const sorted = values.slice().sort((a, b) => a - b);
  const span = quantile(sorted, 0.95) - quantile(sorted, 0.05);
  return span > 0 ? Math.max(noiseSigmas * noiseDeviation(values), spanPart * span) : 0;
}

/**
 * Standard deviation of the noise around a smooth shape, from the median of third differences, which a
 * shape hardly touches. Those of white noise have 1 + 9 + 9 + 1 times its variance.
 */
export function noiseDeviation(values: readonly number[]): number {
  const differences: number[] = [];
  for (let i = 3; i < values.length; i += 1) {
    const [a = 0, b = 0, c = 0, d = 0] = values.slice(i - 3, i + 1);
    differences.push(Math.abs(d - 3 * c + 3 * b - a));
  }
  differences.sort((x, y) => x - y);
  return (1.4826 * (differences[differences.length >> 1] ?? 0)) / Math.sqrt(20);
}
