import type { PartitionPlan, Plan, VersionState } from '@verdict/contracts';

/** What decides the next plan of a pool. */
export interface PlanSituation {
  readonly plan: Plan;
  /** Partitions of the data hub, as far as they are known. */
  readonly partitions: readonly string[];
  readonly versions: readonly { version: number; state: VersionState }[];
}

/**
 * The plan that brings the newest accepted version to every partition, with the version served so far as
 * fallback; null when the present plan says so already. Versions that were refused, aborted or retired never
 * serve, not as fallback either: the newest accepted one before, or the built-in one, takes their place.
 */
export function nextPlan(situation: PlanSituation): Record<string, PartitionPlan> | null {
  const { plan } = situation;
  const accepted = situation.versions
    .filter(({ state }) => state === 'accepted')
    .map(({ version }) => version);
  const newest = Math.max(0, ...accepted);
  const next: Record<string, PartitionPlan> = {};
  let changed = false;
  // A partition that is planned but not known just now (the hub does not answer) keeps being planned.
  for (const partition of new Set([...Object.keys(plan.partitions), ...situation.partitions])) {
    const present = plan.partitions[partition] ?? { version: 0, shadow: null, fallback: null };
    const wanted = { version: newest, shadow: null, fallback: fallbackOf(present, newest, accepted) };
    const asWanted =
      present.version === newest && (present.fallback === null || present.fallback === wanted.fallback);
    next[partition] = asWanted ? present : wanted;
    changed ||= !asWanted;
  }
  return changed ? next : null;
}

/** Who takes a partition when nobody of `newest` is left; null when that is the built-in version already. */
function fallbackOf(present: PartitionPlan, newest: number, accepted: readonly number[]): number | null {
  if (newest === 0) return null;
  const before = present.version === newest ? present.fallback : present.version;
  if (before !== null && before !== newest && (before === 0 || accepted.includes(before))) return before;
  return Math.max(0, ...accepted.filter((version) => version < newest));
}
