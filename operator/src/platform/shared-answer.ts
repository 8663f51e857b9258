import type { Clock } from '@verdict/process';
import type { ReadOptions } from './platform.ts';

/** An answer is given again for at least so long, … */
const leastKeptMs = 2000;
/** … for ten times as long as it took, since what takes long is much to ask, … */
const keptTimesTaken = 10;
/** … but never for longer. */
const mostKeptMs = 15_000;
/** A failure is given again for so long: a hundred objects shall not wait for the same time-out one by one. */
const failureKeptMs = 3000;

interface Asked<T> {
  readonly askedAtMs: number;
  readonly answer: Promise<T>;
  /** Monotonic: not given again from then on; infinite while it is under way. */
  untilMs: number;
}

/**
 * One answer for all who ask at about the same time. Who asks with `notBeforeMs` gets one that was asked for no
 * earlier: if an older one is under way, the one after it, which all share who came meanwhile. So there is never more
 * than one request at a time, however many objects have just been written.
 */
export class SharedAnswer<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #newest: Asked<T> | undefined;
  /** What is asked when the newest one has come. */
  #next: Promise<T> | undefined;

  constructor(ask: () => Promise<T>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Whether there is an answer for this, or one on its way: `get` would send no request. */
  has({ notBeforeMs = Number.NEGATIVE_INFINITY }: ReadOptions = {}): boolean {
    const newest = this.#newest;
    return (
      newest !== undefined && newest.askedAtMs > notBeforeMs && this.#clock.monotonicMs() < newest.untilMs
    );
  }

  get(options: ReadOptions = {}): Promise<T> {
    const newest = this.#newest;
    if (newest === undefined) return this.#begin();
    if (this.has(options)) return newest.answer;
    if (newest.untilMs !== Number.POSITIVE_INFINITY) return this.#begin();
    const begin = (): Promise<T> => {
      this.#next = undefined;
      return this.#begin();
    };
    this.#next ??= newest.answer.then(begin, begin);
    return this.#next;
  }

  #begin(): Promise<T> {
    const askedAtMs = this.#clock.monotonicMs();
    const asked: Asked<T> = { askedAtMs, answer: this.#ask(), untilMs: Number.POSITIVE_INFINITY };
    this.#newest = asked;
    asked.answer.then(
      () => {
        const endedMs = this.#clock.monotonicMs();
        const keptMs = Math.max(leastKeptMs, keptTimesTaken * (endedMs - askedAtMs));
        asked.untilMs = endedMs + Math.min(mostKeptMs, keptMs);
      },
      () => {
        asked.untilMs = this.#clock.monotonicMs() + failureKeptMs;
      },
    );
    return asked.answer;
  }
}
