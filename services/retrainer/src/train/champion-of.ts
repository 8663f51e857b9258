/**
 * The version that serves most partitions; of several with as many, the newest. `served` has one entry per partition
 * that was ever claimed, null before its first commit; 0 when there is none. The gateway shows the same one.
 */
export function championOf(served: readonly (number | null)[]): number {
  const counts = new Map<number, number>();
  for (const version of served) if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  const ranked = [...counts].sort(([a, most], [b, more]) => more - most || b - a);
  return ranked[0]?.[0] ?? 0;
}
