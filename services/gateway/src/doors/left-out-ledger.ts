import type { LeftOut, Refused } from './sample.ts';

/** Samples of one series that were refused for one reason. */
export interface RefusedSamples {
  readonly reason: Refused;
  /** Key of the series; null when it is not known. */
  readonly series: string | null;
  /** What is wrong, as the end of a sentence. */
  readonly message: string;
}

/** Refusals that are told apart; of more only the number is kept. */
const distinctKept = 1000;

/** Keeps count of the samples of a request that are no part of a reading. */
export class LeftOutLedger {
  readonly leftOut = new Map<LeftOut, number>();
  readonly #refused = new Map<string, RefusedSamples & { count: number }>();
  #refusedCount = 0;

  /** How many samples were refused. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** One entry per series and reason. */
  get refused(): readonly (RefusedSamples & { readonly count: number })[] {
    return [...this.#refused.values()];
  }

  leaveOut(reason: LeftOut, samples: number): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + samples);
  }

  refuse(what: RefusedSamples, samples: number): void {
    this.#refusedCount += samples;
    const key = `${what.reason} ${what.series ?? ''}`;
    const known = this.#refused.get(key);
    if (known !== undefined) known.count += samples;
    else if (this.#refused.size < distinctKept) this.#refused.set(key, { ...what, count: samples });
    else this.refuseMore(what.reason, samples);
  }

  /** A human-readable line about what was refused, or null when nothing was. */
  summary(): string | null {
    if (this.#refused.size === 0) return null;
    const shown = this.refused.slice(0, 5).map(({ series, count, message }) => {
      const whose = series === null ? '' : ` of ${series}`;
      return `${count} sample${count === 1 ? '' : 's'}${whose}: ${message}`;
    });
    const more =
      this.#refused.size > shown.length ? `; and ${this.#refused.size - shown.length} more reasons` : '';
    return `${this.#refusedCount} refused, the rest was taken. ${shown.join('; ')}${more}`;
  }

  /** Counted under the reason alone. */
  private refuseMore(reason: Refused, samples: number): void {
    const key = `${reason} and others`;
    const known = this.#refused.get(key);
    if (known !== undefined) known.count += samples;
    else this.#refused.set(key, { reason, series: null, message: 'further series', count: samples });
  }
}
