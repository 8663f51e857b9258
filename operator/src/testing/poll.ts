import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks until the answer is neither undefined nor false; rejects after `withinMs` with what was waited for and the last
 * error. Tests wait for the state of the world with it, never for a time.
 */
export async function poll<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 30_000,
): Promise<T> {
  const untilMs = performance.now() + withinMs;
  let trouble: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      trouble = error;
    }
    await delay(25);
  } while (performance.now() < untilMs);
  throw new Error(`waited ${withinMs} ms in vain for ${what}`, { cause: trouble });
}
