import type { CommandContext } from './command-context.ts';

/** How often is looked, and for how long at most. */
export interface WaitLimits {
  everyMs: number;
  withinMs: number;
}

/**
 * Looks again and again until there is something to see, and gives that; null when the time was up first. It looks at
 * least once. Rejects with the abort when the command is asked to stop.
 */
export async function waitUntil<T>(
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>,
  { everyMs, withinMs }: WaitLimits,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const deadlineMs = clock.nowMs() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    const leftMs = deadlineMs - clock.nowMs();
    if (leftMs <= 0) return null;
    await clock.sleep(Math.min(everyMs, leftMs), signal);
  }
}
