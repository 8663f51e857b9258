import { setTimeout as delay } from 'node:timers/promises';

/** Time as a process sees it; injected, so that tests decide what time it is. */
export interface Clock {
  /** Wall clock, epoch milliseconds. May jump. */
  nowMs(): number;
  /** Milliseconds since some fixed instant; never goes back. For deadlines. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with an `AbortError` as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};
