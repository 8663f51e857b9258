import type { Clock } from '@verdict/process';
import type { ReadOptions } from './platform.ts';

/** An answer is given again for so long. */
const keptMs = 2000;

/**
 * One answer for all who ask at about the same time. Who asks with `notBeforeMs` gets one that was asked for no
 * earlier. A failure is given to those who waited for it, and not kept.
 */
export class SharedAnswer<T> {
  readonly #ask: () => Promise<T>;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #newest: { readonly askedAtMs: number; readonly answer: Promise<T> } | undefined;
  #underWay = false;

  constructor(ask: () => Promise<T>, clock: Pick<Clock, 'monotonicMs'>) {
    this.#ask = ask;
    this.#clock = clock;
  }

  get({ notBeforeMs = Number.NEGATIVE_INFINITY }: ReadOptions = {}): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const newest = this.#newest;
    if (newest !== undefined && newest.askedAtMs >= notBeforeMs) {
      if (this.#underWay || nowMs - newest.askedAtMs < keptMs) return newest.answer;
    }
    const answer = this.#ask();
    const asked = { askedAtMs: nowMs, answer };
    this.#newest = asked;
    this.#underWay = true;
    const ended = (kept: boolean): void => {
      if (this.#newest !== asked) return;
      this.#underWay = false;
      if (!kept) this.#newest = undefined;
    };
    answer.then(
      () => ended(true),
      () => ended(false),
    );
    return answer;
  }
}
