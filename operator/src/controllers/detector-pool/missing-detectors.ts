import { countByVersion, type Detectors, type Partitions, share } from './fleet.ts';

/** Detectors that must be ready before a plan may be written. */
export interface MissingDetectors {
  readonly version: number;
  readonly ready: number;
  readonly needed: number;
}

/**
 * The detectors without which a new plan would leave partitions to nobody: those of versions that gain partitions.
 * A step forward waits until the whole share of the candidate is ready. A way back waits for one detector alone, and
 * for none where those that serve now are gone too: then nothing is lost by it.
 */
export function missingDetectors(change: {
  readonly replicas: number;
  readonly partitions: readonly string[];
  readonly plan: Partitions;
  readonly next: Partitions;
  /** The version that is on its way or was just promoted; null on the way back. */
  readonly forward: number | null;
  readonly detectors: ReadonlyMap<number, Pick<Detectors, 'ready'>>;
}): MissingDetectors[] {
  const { partitions, plan, next, detectors } = change;
  const before = countByVersion(partitions, plan);
  const after = countByVersion(partitions, next);
  const ready = (version: number) => detectors.get(version)?.ready ?? 0;
  const loses = [...before].filter(([version, count]) => (after.get(version) ?? 0) < count);
  if (!loses.some(([version]) => ready(version) > 0)) return [];
  return [...after].flatMap(([version, count]) => {
    if (count <= (before.get(version) ?? 0)) return [];
    const whole = share(change, count);
    const needed = version === change.forward ? whole : Math.min(1, whole);
    return ready(version) >= needed ? [] : { version, ready: ready(version), needed };
  });
}
