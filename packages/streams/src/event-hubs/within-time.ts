import { StreamUnavailable } from '../event-stream.ts';

/** The promise's outcome, or `StreamUnavailable` after `ms`; what comes later is dropped. */
export async function withinTime<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const end = () => reject(new StreamUnavailable(`${what} took longer than ${ms} ms`));
    // Where the process was busy all the time, the answer may have come, only nobody has looked yet.
    timer = setTimeout(() => setImmediate(end), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
