import type { PartitionPlan, Plan, VersionState } from '@verdict/contracts';

/** What decides the next plan of a pool. */
export interface PlanSituation {
  readonly plan: Plan;
  /** All partitions of the data hub. */
  readonly partitions: readonly string[];
  readonly versions: readonly { version: number; state: VersionState }[];
}

/**
 * The plan that brings the newest accepted version to every partition, with the version served so far as
 * fallback; null when the present plan says so already. Versions that were refused, aborted or retired never
 * serve.
 */
export function nextPlan(situation: PlanSituation): Record<string, PartitionPlan> | null {
  const accepted = situation.versions.filter((version) => version.state === 'accepted');
  const newest = Math.max(0, ...accepted.map((version) => version.version));
  const next: Record<string, PartitionPlan> = {};
  let changed = false;
  for (const partition of situation.partitions) {
    const present = situation.plan.partitions[partition] ?? { version: 0, shadow: null, fallback: null };
    if (present.version === newest) {
      next[partition] = present;
      continue;
    }
    next[partition] = { version: newest, shadow: null, fallback: present.version };
    changed = true;
  }
  return changed ? next : null;
}
