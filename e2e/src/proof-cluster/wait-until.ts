import { setTimeout as sleep } from 'node:timers/promises';

/** A wait with its bound. */
export interface Wait {
  readonly withinMs: number;
  readonly everyMs?: number;
  readonly signal: AbortSignal;
  /** What did not come, said when the time is up. */
  readonly otherwise: () => string;
}

/** Asks again and again until the answer is not null. */
export async function waitUntil<T>(ask: () => Promise<T | null> | T | null, wait: Wait): Promise<T> {
  const { withinMs, everyMs = 500, signal, otherwise } = wait;
  const deadline = performance.now() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > deadline)
      throw new Error(`${otherwise()} (waited ${Math.round(withinMs / 1000)} s)`);
    await sleep(everyMs, undefined, { signal });
  }
}
