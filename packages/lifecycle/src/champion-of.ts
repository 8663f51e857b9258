import type { RolloutState } from '@verdict/contracts';

/**
 * The champion of a model: while a rollout is on its way the version that it goes out from, else the version that
 * serves most partitions (of several with as many, the newest).
 *
 * @param served one entry per partition that was ever claimed, null before its first commit; 0 when there is none
 */
export function championOf(
  served: readonly (number | null)[],
  rollout: Pick<RolloutState, 'candidate' | 'champion'> | null,
): number {
  if (rollout !== null && rollout.candidate !== null) return rollout.champion;
  const counts = new Map<number, number>();
  for (const version of served) if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  const ranked = [...counts].sort(([a, most], [b, more]) => more - most || b - a);
  return ranked[0]?.[0] ?? 0;
}
