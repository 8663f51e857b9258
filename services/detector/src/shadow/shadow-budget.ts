import type { Clock } from '@verdict/process';

/** What a shadow may cost. */
export interface ShadowLimits {
  /** It may take so many times what the version in force takes, … */
  readonly times: number;
  /** … and, since the built-in version costs next to nothing, this much per batch and per reading besides. */
  readonly perBatchMs: number;
  readonly perReadingMs: number;
  /** So much more may pile up before it is let go: a busy machine is no fault of it. */
  readonly allowanceMs: number;
  /** So long its beginning may hold the partition up, loading included. */
  readonly beginMs: number;
  /** Bytes of its state on one partition. */
  readonly bytes: number;
}

/** Why a shadow is let go when nothing is wrong with it but its price. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/** Follows what a shadow costs in time: a bucket that every batch fills by the time it took and empties by what it may take. */
export class ShadowBudget {
  readonly #limits: ShadowLimits;
  #owedMs = 0;

  constructor(limits: ShadowLimits) {
    this.#limits = limits;
  }

  /** Milliseconds that the shadow may take for readings that took the version in force so long. */
  mayTakeMs(readings: number, servedMs: number): number {
    return Math.max(0, this.#limits.allowanceMs - this.#owedMs) + this.#shareMs(readings, servedMs);
  }

  /** It took so long for them. @throws OverBudget */
  spend(tookMs: number, readings: number, servedMs: number): void {
    this.#owedMs = Math.max(0, this.#owedMs + tookMs - this.#shareMs(readings, servedMs));
    if (this.#owedMs > this.#limits.allowanceMs)
      throw new OverBudget(`it takes too long: ${Math.round(tookMs)} ms for ${readings} readings`);
  }

  #shareMs(readings: number, servedMs: number): number {
    const { times, perBatchMs, perReadingMs } = this.#limits;
    return times * servedMs + perBatchMs + perReadingMs * readings;
  }
}

/** Waits for work, but not for ever: what comes later is for nobody. @throws OverBudget */
export async function within<T>(clock: Pick<Clock, 'sleep'>, mostMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = clock.sleep(mostMs, timer.signal).then((): never => {
    throw new OverBudget(`it gave no answer within ${Math.round(mostMs)} ms`);
  });
  // Whichever loses may still fail, and nobody waits for it then.
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
