import { backOff, type Clock } from '@verdict/process';

export interface RoundsOptions {
  readonly clock: Clock;
  /** Hears of every round that failed; it is done again after a wait that grows. */
  readonly onFailure: (error: unknown) => void;
  /** 0 to 1, for the waits. */
  readonly random?: () => number;
}

/** Something that is done again and again, never twice at a time, and sooner when nudged. */
export class Rounds {
  readonly #options: RoundsOptions;
  /** Aborted by a nudge: ends the pause, or lets the round under way be followed by another one at once. */
  #awake = new AbortController();

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** There is something to do. After a failure it waits all the same. */
  nudge(): void {
    this.#awake.abort();
  }

  /** Rounds until the signal; each resolves with the milliseconds after which the next one is due at the latest. */
  async run(round: (signal: AbortSignal) => Promise<number>, signal: AbortSignal): Promise<void> {
    const { clock, onFailure, random } = this.#options;
    const wait = backOff({ firstMs: 500, maxMs: 15_000, ...(random && { random }) });
    while (!signal.aborted) {
      this.#awake = new AbortController();
      try {
        const pauseMs = await round(signal);
        wait.reset();
        await pause(clock, pauseMs, AbortSignal.any([signal, this.#awake.signal]));
      } catch (error) {
        if (signal.aborted) return;
        onFailure(error);
        await pause(clock, wait.nextMs(), signal);
      }
    }
  }
}

/** Being ended early is all that the signal is for: the loop's head sees why. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
