import type { PartitionView } from '@verdict/contracts';

/** What a version did on all partitions of a pool together. */
export interface VersionTotals {
  readonly version: number;
  readonly readings: number;
  readonly anomalies: number;
  readonly alarms: number;
  readonly quieted: number;
  readonly errors: number;
  /** Partitions on which it ever scored. */
  readonly partitions: number;
}

/** Sums the figures over the partitions, newest version first. */
export function versionTotals(partitions: readonly Pick<PartitionView, 'figures'>[]): VersionTotals[] {
  const totals = new Map<number, VersionTotals>();
  for (const { figures } of partitions) {
    for (const one of figures) {
      const sum = totals.get(one.version);
      totals.set(one.version, {
        version: one.version,
        readings: (sum?.readings ?? 0) + one.readings,
        anomalies: (sum?.anomalies ?? 0) + one.anomalies,
        alarms: (sum?.alarms ?? 0) + one.alarms,
        quieted: (sum?.quieted ?? 0) + one.quieted,
        errors: (sum?.errors ?? 0) + one.errors,
        partitions: (sum?.partitions ?? 0) + 1,
      });
    }
  }
  return [...totals.values()].sort((a, b) => b.version - a.version);
}

/** Per 1000 readings; null without any. */
export function perThousand(count: number, readings: number): number | null {
  return readings === 0 ? null : (1000 * count) / readings;
}
