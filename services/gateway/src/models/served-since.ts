import type { VersionLife } from '@verdict/storage';

/** Version → when it first scored for people on any partition, epoch ms; versions that never did are not in it. */
export function servedSinceMs(
  lives: readonly Pick<VersionLife, 'version' | 'readings' | 'sinceMs'>[],
): Map<number, number> {
  const first = new Map<number, number>();
  // A version that only ever failed has a life too.
  for (const { version, readings, sinceMs } of lives)
    if (readings > 0) first.set(version, Math.min(sinceMs, first.get(version) ?? sinceMs));
  return first;
}
