import type { PartitionPlan } from '@verdict/contracts';

/** Partition → plan. */
export type Partitions = Readonly<Record<string, PartitionPlan>>;

/** The detectors of one version, as they are. */
export interface Detectors {
  /** As many as its Deployment asks for. */
  readonly wanted: number;
  readonly ready: number;
  /** Partitions that they hold. */
  readonly held: number;
  /** How long there were not as many as wanted, ms; 0 = there are. */
  readonly shortMs: number;
}

export interface FleetSituation {
  /** `spec.replicas`, whoever wrote it. */
  readonly replicas: number;
  /** Every partition that is known. */
  readonly partitions: readonly string[];
  /** The plan in force. */
  readonly plan: Partitions;
  /** The plan that is to follow; null = the one in force stays. */
  readonly next: Partitions | null;
  /** The version that serves, or is returned to: now, and after what is to follow. */
  readonly champions: readonly number[];
  /** What there is, by version; one that has no Deployment is not named. */
  readonly detectors: ReadonlyMap<number, Detectors>;
}

/** The detectors that a pool is to have. */
export interface Fleet {
  /** Version → how many. A version that is not named is to have no Deployment. */
  readonly sizes: ReadonlyMap<number, number>;
  /** Versions that have detectors only until nothing is in their hands any more. */
  readonly leaving: ReadonlySet<number>;
}

/** So long a version must be without a single detector before its fallback is called. */
const fallbackAfterMs = 30_000;

/**
 * How many detectors each version is to have.
 *
 * The champion has all of `replicas`, also while a candidate takes partitions over: the candidate's detectors come on
 * top, in proportion to its partitions. So going back at any moment finds detectors that are warm. A version that is
 * only a fallback has a Deployment without detectors; it gets some when the version before it has none for 30 s, for
 * law 3 lets detectors of the fallback claim, but only those that live can. Whatever is not wanted any more stays as it
 * is until nothing is in its hands.
 */
export function wantedFleet(situation: FleetSituation): Fleet {
  const { champions, detectors } = situation;
  const sizes = new Map<number, number>();
  const leaving = new Set<number>();
  const atLeast = (version: number, count: number) =>
    sizes.set(version, Math.max(sizes.get(version) ?? 0, count));
  for (const champion of champions) atLeast(champion, situation.replicas);
  for (const [version, count] of plannedCounts(situation)) atLeast(version, share(situation, count));
  for (const fallback of namedFallbacks(situation)) atLeast(fallback, calledUp(situation, fallback));
  const served = champions.some(
    (champion) => situation.replicas === 0 || (detectors.get(champion)?.ready ?? 0) > 0,
  );
  for (const [version, { wanted, held }] of detectors) {
    // Not before what follows it is there, and nothing is in its hands any more.
    const leaves = wanted > (sizes.get(version) ?? 0) && !champions.includes(version);
    if (!leaves || plannedCounts(situation).has(version) || (held === 0 && served)) continue;
    atLeast(version, wanted);
    leaving.add(version);
  }
  return { sizes, leaving };
}

/** Detectors for so many partitions of the whole: rounded up, at least one; none while the pool is scaled to zero. */
export function share(
  { replicas, partitions }: Pick<FleetSituation, 'replicas' | 'partitions'>,
  count: number,
): number {
  if (replicas === 0 || count === 0) return 0;
  return Math.max(1, Math.ceil((replicas * count) / Math.max(1, partitions.length) - 1e-9));
}

/** Partitions that a plan gives each version; one that it does not name is for the built-in version. */
export function countByVersion(partitions: readonly string[], plan: Partitions): Map<number, number> {
  const counts = new Map<number, number>();
  for (const partition of partitions) {
    const version = plan[partition]?.version ?? 0;
    counts.set(version, (counts.get(version) ?? 0) + 1);
  }
  return counts;
}

/** The larger of what the plan in force and the next one give each version. */
function plannedCounts({ partitions, plan, next }: FleetSituation): Map<number, number> {
  const counts = countByVersion(partitions, plan);
  for (const [version, count] of next === null ? [] : countByVersion(partitions, next))
    counts.set(version, Math.max(count, counts.get(version) ?? 0));
  return counts;
}

function namedFallbacks({ plan, next }: FleetSituation): Set<number> {
  const all = [...Object.values(plan), ...Object.values(next ?? {})];
  return new Set(all.flatMap(({ fallback }) => (fallback === null ? [] : [fallback])));
}

/** Detectors that a fallback needs now, for partitions whose own version nobody serves. */
function calledUp(situation: FleetSituation, fallback: number): number {
  const unserved = situation.partitions.filter((partition) => {
    const planned = situation.plan[partition];
    if (planned?.fallback !== fallback) return false;
    const own = situation.detectors.get(planned.version);
    return own !== undefined && own.wanted > 0 && own.ready === 0 && own.shortMs >= fallbackAfterMs;
  });
  return share(situation, unserved.length);
}
