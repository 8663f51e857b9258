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
 * earlier.
 */
export class SharedAnswer<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #newest: Asked<T> | undefined;

  constructor(ask: () => Promise<T>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  get({ notBeforeMs = Number.NEGATIVE_INFINITY }: ReadOptions = {}): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const newest = this.#newest;
    if (newest && newest.askedAtMs > notBeforeMs && nowMs < newest.untilMs) return newest.answer;
    const asked: Asked<T> = { askedAtMs: nowMs, answer: this.#ask(), untilMs: Number.POSITIVE_INFINITY };
    this.#newest = asked;
    asked.answer.then(
      () => {
        const endedMs = this.#clock.monotonicMs();
        const keptMs = Math.max(leastKeptMs, keptTimesTaken * (endedMs - nowMs));
        asked.untilMs = endedMs + Math.min(mostKeptMs, keptMs);
      },
      () => {
        asked.untilMs = this.#clock.monotonicMs() + failureKeptMs;
      },
    );
    return asked.answer;
  }
}
