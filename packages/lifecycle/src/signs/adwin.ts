/** Sums of 2^row consecutive values. */
interface Bucket {
  readonly sum: number;
  /** Sum of squared deviations from the bucket's mean. */
  readonly spread: number;
}

export interface AdwinState {
  /** Row r holds buckets of 2^r values, newest bucket first; row 0 is the newest. */
  readonly rows: readonly (readonly Bucket[])[];
  /** Values ever added. */
  readonly seen: number;
}

/** A place where the mean of the window changed; what lay before is forgotten. */
export interface Change {
  /** Mean of the part that was dropped. */
  readonly before: number;
  /** Mean of the part that is kept. */
  readonly after: number;
}

interface Part {
  readonly count: number;
  readonly sum: number;
  readonly spread: number;
}

const bucketsPerRow = 5;
/** Cuts are looked for after every so many values, which the false alarm rate allows to be few. */
const valuesPerCheck = 32;
const fewestValues = 10;
const fewestPerPart = 5;
const nothing: Part = { count: 0, sum: 0, spread: 0 };

/**
 * ADWIN2 (Bifet and Gavaldà, "Learning from time-changing data with adaptive windowing", SDM 2007): a window over a
 * stream that grows while its mean stands still and drops its older part where the means of two parts n₀, n₁ differ
 * by at least ε = √(2/m · σ² · ln(2/δ′)) + 2/(3m) · ln(2/δ′), with 1/m = 1/n₀ + 1/n₁ and δ′ = δ / ln(n₀ + n₁).
 * Memory is 5 · log₂(n) buckets (exponential histogram, Datar et al. 2002). Values should be of the order of 1.
 */
export class Adwin {
  readonly #delta: number;
  #rows: Bucket[][];
  #seen: number;

  constructor(delta = 0.002, state: AdwinState = { rows: [], seen: 0 }) {
    this.#delta = delta;
    this.#rows = state.rows.map((row) => [...row]);
    this.#seen = state.seen;
  }

  snapshot(): AdwinState {
    return { rows: this.#rows.map((row) => [...row]), seen: this.#seen };
  }

  /** Adds a value; a change when the window's older part was dropped. Values that are not finite are left out. */
  add(value: number): Change | null {
    if (!Number.isFinite(value)) return null;
    this.#seen += 1;
    this.#push({ sum: value, spread: 0 });
    return this.#seen % valuesPerCheck === 0 ? this.#dropOlder() : null;
  }

  /** Values in the window, and their mean (0 when there are none). */
  window(): { count: number; mean: number } {
    const { count, sum } = this.#parts().reduce(join, nothing);
    return { count, mean: count > 0 ? sum / count : 0 };
  }

  #push(bucket: Bucket): void {
    let carried: Bucket | undefined = bucket;
    for (let row = 0; carried; row += 1) {
      const buckets: Bucket[] = this.#rows[row] ?? [];
      this.#rows[row] = buckets;
      buckets.unshift(carried);
      if (buckets.length <= bucketsPerRow) return;
      const [oldest, second] = [buckets.pop(), buckets.pop()];
      carried = oldest && second && merged(oldest, second, 2 ** row);
    }
  }

  /** The buckets, oldest first. */
  #parts(): Part[] {
    return this.#rows
      .flatMap((row, index) => row.map((bucket) => ({ count: 2 ** index, ...bucket })))
      .reverse();
  }

  #dropOlder(): Change | null {
    const parts = this.#parts();
    const all = parts.reduce(join, nothing);
    if (all.count < fewestValues) return null;
    let older = nothing;
    let cut: { change: Change; buckets: number } | null = null;
    // The newest cut that holds drops most: what is left has one mean.
    for (const [index, part] of parts.slice(0, -1).entries()) {
      older = join(older, part);
      const newer = { count: all.count - older.count, sum: all.sum - older.sum };
      if (older.count < fewestPerPart || newer.count < fewestPerPart) continue;
      const change = { before: older.sum / older.count, after: newer.sum / newer.count };
      if (Math.abs(change.before - change.after) > this.#difference(older.count, newer.count, all))
        cut = { change, buckets: index + 1 };
    }
    if (cut) this.#forget(cut.buckets);
    return cut?.change ?? null;
  }

  /** ε: the difference of means that chance makes with probability δ at most. */
  #difference(older: number, newer: number, all: Part): number {
    const inverse = 1 / older + 1 / newer;
    const logarithm = Math.log((2 * Math.log(all.count)) / this.#delta);
    return Math.sqrt(2 * inverse * (all.spread / all.count) * logarithm) + (2 / 3) * inverse * logarithm;
  }

  #forget(buckets: number): void {
    for (let left = buckets, row = this.#rows.length - 1; left > 0 && row >= 0; row -= 1) {
      const dropped = Math.min(left, this.#rows[row]?.length ?? 0);
      this.#rows[row]?.splice((this.#rows[row]?.length ?? 0) - dropped);
      left -= dropped;
    }
    while (this.#rows.at(-1)?.length === 0) this.#rows.pop();
  }
}

/** Joins two parts; spreads add up with that of the means (Chan et al. 1979). */
function join(a: Part, b: Part): Part {
  const count = a.count + b.count;
  if (a.count === 0 || b.count === 0) return a.count === 0 ? b : a;
  const apart = a.sum / a.count - b.sum / b.count;
  return {
    count,
    sum: a.sum + b.sum,
    spread: a.spread + b.spread + (apart ** 2 * a.count * b.count) / count,
  };
}

function merged(a: Bucket, b: Bucket, count: number): Bucket {
  const { sum, spread } = join({ count, ...a }, { count, ...b });
  return { sum, spread };
}
