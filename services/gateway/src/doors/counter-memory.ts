import { hash } from 'node:crypto';
import type { DoorRules } from '@verdict/contracts';
import { RecentMap } from '@verdict/process';
import type { Labels, LeftOut, Sample } from './sample.ts';

interface Known {
  readonly timeMs: number;
  readonly value: number;
}

/** The counters of one request: what it learns is remembered only when its readings are safe. */
export interface CounterRound {
  /** The value that a sample of a counter stands for, or why it stands for none. */
  valueOf(sample: Sample): number | LeftOut;
  /** Remembers what was seen. A request that is repeated before gives the same values again. */
  commit(): void;
}

/**
 * Remembers the last sample of each counter, since a model learns from how much is added, not from totals that grow
 * until a restart. A total that shrinks, or that began after the last sample, began anew: then all of it was added.
 */
export class CounterMemory {
  readonly #settings: DoorRules['counters'];
  /** Source → its newest sample. */
  readonly #known: RecentMap<string, Known>;

  constructor(settings: DoorRules['counters']) {
    this.#settings = settings;
    this.#known = new RecentMap(settings.remembered);
  }

  /** How many counters are remembered now. */
  get size(): number {
    return this.#known.size;
  }

  begin(): CounterRound {
    const seen = new Map<string, Known | null>();
    return {
      valueOf: (sample) => this.#valueOf(sample, seen),
      commit: () => {
        for (const [source, known] of seen) this.#remember(source, known);
      },
    };
  }

  #valueOf(sample: Sample, seen: Map<string, Known | null>): number | LeftOut {
    const { timeMs, value, kind, startMs } = sample;
    const { as, gapSeconds } = this.#settings;
    if (!sample.stale) {
      if (as === 'raw' || (as === 'step' && kind === 'increase')) return value;
      if (kind === 'increase' && startMs !== null && startMs < timeMs)
        return (value * 1000) / (timeMs - startMs);
    }
    const source = sourceOf(sample.labels);
    const before = seen.has(source) ? (seen.get(source) ?? null) : (this.#known.get(source) ?? null);
    if (sample.stale) {
      if (before !== null && before.timeMs <= timeMs) seen.set(source, null);
      return 'stale';
    }
    if (before !== null && timeMs <= before.timeMs) return 'repeated_counter';
    seen.set(source, { timeMs, value });
    if (before === null || timeMs - before.timeMs > gapSeconds * 1000) return 'first_of_counter';
    const beganAnew = value < before.value || (startMs !== null && startMs > before.timeMs);
    const added = kind === 'increase' || beganAnew ? value : value - before.value;
    return as === 'rate' ? (added * 1000) / (timeMs - before.timeMs) : added;
  }

  #remember(source: string, known: Known | null): void {
    const newest = this.#known.get(source);
    // A request that overtook this one has said more.
    if (newest !== undefined && known !== null && newest.timeMs > known.timeMs) return;
    if (known === null) this.#known.delete(source);
    else this.#known.set(source, known);
  }
}

/** One short name per set of labels, whatever their order. */
function sourceOf(labels: Labels): string {
  const parts: string[] = [];
  for (const [name, value] of labels) parts.push(`${name}\0${value}`);
  return hash('sha1', parts.sort().join('\0\0'), 'base64');
}
