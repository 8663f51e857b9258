import { type DetectionSettings, inputWidth, replayWindows, type SeriesBlock } from '@verdict/detection';
import type { SeededRandom } from './seeded-random.ts';

/** History of a series with what is known to be wrong in it. */
export interface TrainingBlock extends SeriesBlock {
  /** One per row, not 0 = part of an anomaly; it and a margin around it are left out. */
  readonly flags?: Uint8Array;
}

export interface SampleRequest {
  readonly blocks: readonly TrainingBlock[];
  readonly settings: DetectionSettings;
  /** Windows that end at this event time or later are held back, those that overlap it are left out. */
  readonly heldBackFrom: number;
  readonly most: number;
  readonly random: SeededRandom;
}

/** Windows, count × input width, row-major, newest row shown. */
export interface WindowSample {
  readonly training: Float32Array;
  readonly heldBack: Float32Array;
  /** Usable windows in the history, of which at most `most` were taken. */
  readonly found: number;
}

/** Rows left out on either side of a flagged one: verdicts mark where it was seen, not where it began. */
const margin = 8;
/** Of every sample this part is held back. */
export const heldBackShare = 0.2;

/** The event time from which the last fifth of all readings lies. `NaN` without readings. */
export function heldBackBorder(blocks: readonly SeriesBlock[]): number {
  const total = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const all = new Float64Array(total);
  let at = 0;
  for (const { times } of blocks) {
    all.set(times, at);
    at += times.length;
  }
  all.sort();
  return all[Math.floor(total * (1 - heldBackShare))] ?? Number.NaN;
}

/** Draws windows from history, each with the same chance, series in the order of their keys. */
export function sampleWindows(request: SampleRequest): WindowSample {
  const { settings, random, most, heldBackFrom } = request;
  const width = inputWidth(settings);
  const training = new Reservoir(Math.floor(most * (1 - heldBackShare)), width, random);
  const heldBack = new Reservoir(Math.floor(most * heldBackShare), width, random);
  for (const blocks of bySeries(request.blocks)) {
    const excluded = new Map<SeriesBlock, Uint8Array>(blocks.map((block) => [block, widened(block)]));
    const wholeFrom = wholeWindowsFrom(blocks, heldBackFrom, settings.window);
    replayWindows({
      blocks,
      settings,
      excluded: (block, row) => excluded.get(block)?.[row] === 1,
      visit: (window, time) => {
        if (time < heldBackFrom) training.offer(window);
        else if (time >= wholeFrom) heldBack.offer(window);
      },
    });
  }
  return {
    training: training.taken(),
    heldBack: heldBack.taken(),
    found: training.offered + heldBack.offered,
  };
}

function bySeries(blocks: readonly TrainingBlock[]): TrainingBlock[][] {
  const groups = new Map<string, TrainingBlock[]>();
  for (const block of blocks) groups.set(block.series, [...(groups.get(block.series) ?? []), block]);
  return [...groups.keys()].sort().map((key) => groups.get(key) ?? []);
}

/** Event time from which on windows share no row with what lies before the border. */
function wholeWindowsFrom(blocks: readonly SeriesBlock[], heldBackFrom: number, window: number): number {
  const behind = blocks.flatMap(({ times }) => [...times.filter((time) => time >= heldBackFrom)]);
  return behind[window - 1] ?? Number.POSITIVE_INFINITY;
}

/** Marks flagged rows and the margin around them. */
function widened({ flags, times }: TrainingBlock): Uint8Array {
  const marked = new Uint8Array(times.length);
  flags?.forEach((flag, row) => {
    if (flag !== 0) marked.fill(1, Math.max(0, row - margin), row + margin + 1);
  });
  return marked;
}

/** A uniform sample of a stream of unknown length (algorithm R, Vitter 1985). */
class Reservoir {
  readonly #rows: Float32Array;
  readonly #capacity: number;
  readonly #width: number;
  readonly #random: SeededRandom;
  offered = 0;

  constructor(capacity: number, width: number, random: SeededRandom) {
    this.#rows = new Float32Array(capacity * width);
    this.#capacity = capacity;
    this.#width = width;
    this.#random = random;
  }

  offer(row: Float32Array): void {
    this.offered += 1;
    const slot =
      this.offered <= this.#capacity ? this.offered - 1 : Math.floor(this.#random.next() * this.offered);
    if (slot < this.#capacity) this.#rows.set(row, slot * this.#width);
  }

  taken(): Float32Array {
    return this.#rows.slice(0, Math.min(this.offered, this.#capacity) * this.#width);
  }
}
