import { setTimeout as delay } from 'node:timers/promises';

/** Time as the client needs it; `systemClock` of the process package fits too. */
export interface ClientClock {
  /** Wall clock, epoch milliseconds. */
  nowMs(): number;
  /** Resolves after `ms`; rejects with an `AbortError` when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const machineClock: ClientClock = {
  nowMs: () => Date.now(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, { signal });
  },
};
