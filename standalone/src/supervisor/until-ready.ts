import { type Clock, StartError } from '@verdict/process';
import type { Supervised } from './supervised.ts';

/**
 * Waits until all parts have become ready. Rejects with a `StartError` when one of them cannot start or takes longer
 * than `withinMs`, and with the signal's reason as soon as that is aborted.
 */
export async function untilReady(
  parts: readonly Pick<Supervised, 'name' | 'ready'>[],
  { clock, signal, withinMs }: { clock: Clock; signal: AbortSignal; withinMs: number },
): Promise<void> {
  const pending = new Set(parts.map(({ name }) => name));
  const ready = Promise.all(
    parts.map(async (part) => {
      await part.ready;
      pending.delete(part.name);
    }),
  );
  const settled = new AbortController();
  const late = clock.sleep(withinMs, AbortSignal.any([signal, settled.signal])).then(() => {
    throw new StartError(`${[...pending].join(', ')} did not start within ${Math.round(withinMs / 1000)} s`);
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    settled.abort();
    late.catch(() => undefined);
    ready.catch(() => undefined);
  }
}
