/** Counts per bin of the last readings, in bounded memory. */
export interface RecentCountsState {
  readonly older: readonly number[];
  readonly newer: readonly number[];
}

/**
 * How often each bin was hit lately. Two generations of `perGeneration` values: a full one displaces the one before,
 * so that counts cover between one and two generations and old ones leave for good.
 */
export class RecentCounts {
  #older: number[];
  #newer: number[];
  readonly #perGeneration: number;

  constructor(bins: number, perGeneration: number) {
    this.#older = new Array<number>(bins).fill(0);
    this.#newer = new Array<number>(bins).fill(0);
    this.#perGeneration = perGeneration;
  }

  /** Continues from a snapshot; one of another number of bins starts anew. */
  static restore(state: RecentCountsState, bins: number, perGeneration: number): RecentCounts {
    const counts = new RecentCounts(bins, perGeneration);
    if (state.older.length !== bins || state.newer.length !== bins) return counts;
    counts.#older = [...state.older];
    counts.#newer = [...state.newer];
    return counts;
  }

  snapshot(): RecentCountsState {
    return { older: [...this.#older], newer: [...this.#newer] };
  }

  add(bin: number): void {
    this.#beginGeneration();
    this.#newer[bin] = (this.#newer[bin] ?? 0) + 1;
  }

  /**
   * Adds many at once, so many per bin; their order among themselves is not known, so they stay in one generation,
   * however many they are. Throws a RangeError for another number of bins.
   */
  addCounts(counts: readonly number[]): void {
    if (counts.length !== this.#newer.length)
      throw new RangeError(`${counts.length} bins instead of ${this.#newer.length}`);
    this.#beginGeneration();
    this.#newer = this.#newer.map((count, bin) => count + (counts[bin] ?? 0));
  }

  /** A full generation becomes the older one. */
  #beginGeneration(): void {
    if (total(this.#newer) < this.#perGeneration) return;
    this.#older = this.#newer;
    this.#newer = new Array<number>(this.#older.length).fill(0);
  }

  counts(): number[] {
    return this.#newer.map((count, bin) => count + (this.#older[bin] ?? 0));
  }
}

/** Sum of counts. */
export function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
