/**
 * The version that serves most partitions; of several with as many, the newest, as the gateway shows it. `served` has
 * one entry per partition that was ever committed; 0 when there is none.
 */
export function championOf(served: readonly (number | null)[]): number {
  const counts = new Map<number, number>();
  for (const version of served) if (version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  const ranked = [...counts].sort(([a, times], [b, others]) => others - times || b - a);
  return ranked[0]?.[0] ?? 0;
}
