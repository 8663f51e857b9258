import type { PartitionView } from './pool.ts';
import type { ComparedFigures, ShadowFigures } from './version-figures.ts';

/** What a version scored beside another did on all partitions of a pool together. */
export interface ShadowTotals extends Omit<ShadowFigures, 'since'> {
  /** Partitions on which the two are scored just now. */
  readonly partitions: number;
}

/** Sums what shadows did over the partitions, a pair of versions each, ascending by version and shadow. */
export function shadowTotals(
  partitions: readonly Pick<PartitionView, 'version' | 'shadow' | 'shadows'>[],
): ShadowTotals[] {
  const totals = new Map<string, ShadowTotals>();
  for (const partition of partitions)
    for (const { since: _, ...one } of partition.shadows) {
      const now = partition.version === one.version && partition.shadow === one.shadow ? 1 : 0;
      const key = `${one.version} ${one.shadow}`;
      const sum = totals.get(key);
      totals.set(
        key,
        sum === undefined ? { ...one, partitions: now } : added(sum, { ...one, partitions: now }),
      );
    }
  return [...totals.values()].sort((a, b) => a.version - b.version || a.shadow - b.shadow);
}

/**
 * The pairs that are worth a look: those scored just now and, while a candidate is on its way, all that it was compared in.
 */
export function shadowsOfInterest(
  totals: readonly ShadowTotals[],
  candidate: number | null,
): readonly ShadowTotals[] {
  return totals.filter(
    ({ partitions, version, shadow }) => partitions > 0 || version === candidate || shadow === candidate,
  );
}

function added(a: ShadowTotals, b: ShadowTotals): ShadowTotals {
  return {
    version: a.version,
    shadow: a.shadow,
    readings: a.readings + b.readings,
    disagreements: a.disagreements + b.disagreements,
    scoreDifference: a.scoreDifference + b.scoreDifference,
    served: addedFigures(a.served, b.served),
    would: addedFigures(a.would, b.would),
    errors: a.errors + b.errors,
    drops: a.drops + b.drops,
    trouble: b.trouble ?? a.trouble,
    partitions: a.partitions + b.partitions,
  };
}

function addedFigures(a: ComparedFigures, b: ComparedFigures): ComparedFigures {
  return {
    anomalies: a.anomalies + b.anomalies,
    alarms: a.alarms + b.alarms,
    quieted: a.quieted + b.quieted,
  };
}
