import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

/** The promise's outcome, or an error after `ms` by the given clock; what comes later is dropped. */
export async function beforeDeadline<T>(
  promise: Promise<T>,
  { clock, ms, what }: { clock: Clock; ms: number; what: string },
): Promise<T> {
  const settled = new AbortController();
  const timeout = clock.sleep(ms, settled.signal).then(
    async () => {
      // Where the process was busy all the time, the answer may have come, only nobody has looked yet.
      await setImmediate();
      throw new Error(`${what} took longer than ${ms} ms`);
    },
    // The sleep was cut short because the promise has settled: the race is over.
    () => promise,
  );
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    settled.abort();
  }
}
