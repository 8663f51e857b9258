import type {
  PartitionView,
  Plan,
  PoolView,
  RolloutRecord,
  ShadowFigures,
  VersionFigures,
} from '@verdict/contracts';
import type { PoolRow, PoolState, ShadowLife, VersionLife } from '@verdict/storage';

/** Puts a pool's view together: every partition that the hub has, that the plan names, or that was ever claimed. */
export function poolView(facts: {
  pool: PoolRow;
  plan: Plan;
  state: PoolState;
  newest: ReadonlyMap<string, number>;
  /** What each version did, ascending by partition and version. */
  lives: readonly (VersionLife & { partition: string })[];
  /** What shadows did, ascending by partition, version and shadow. */
  shadows: readonly (ShadowLife & { partition: string })[];
  rollout: RolloutRecord;
}): PoolView {
  const { pool, plan, state, newest, lives, rollout } = facts;
  const shadows = Map.groupBy(facts.shadows, ({ partition }) => partition);
  const figures = Map.groupBy(lives, ({ partition }) => partition);
  const claimed = new Map(state.partitions.map((partition) => [partition.partition, partition]));
  const ids = new Set([...newest.keys(), ...Object.keys(plan.partitions), ...claimed.keys()]);
  const partitions = [...ids].sort(byNumber).map((id): PartitionView => {
    const known = claimed.get(id);
    const last = newest.get(id);
    const checkpoint = known?.checkpoint ?? -1;
    return {
      partition: id,
      holder: known?.holder ?? null,
      epoch: known?.epoch ?? 0,
      version: known?.version ?? null,
      shadow: known?.shadow ?? null,
      planned: plan.partitions[id] ?? { version: 0, shadow: null, fallback: null },
      checkpoint,
      readings: known?.readings ?? 0,
      duplicates: known?.duplicates ?? 0,
      lagEvents: last === undefined ? null : Math.max(0, last - checkpoint),
      figures: (figures.get(id) ?? []).map(versionFigures),
      shadows: (shadows.get(id) ?? []).map(shadowFigures),
    };
  });
  return {
    namespace: pool.namespace,
    name: pool.name,
    spec: pool.spec,
    plan,
    partitions,
    members: state.members.map(({ holder, address, seenAtMs }) => ({
      holder,
      address,
      seenAt: new Date(seenAtMs).toISOString(),
    })),
    rollout,
  };
}

function versionFigures(life: VersionLife): VersionFigures {
  const { version, readings, anomalies, alarms, quieted, errors, sinceMs } = life;
  return { version, readings, anomalies, alarms, quieted, errors, since: new Date(sinceMs).toISOString() };
}

function shadowFigures({ sinceMs, ...life }: ShadowLife): ShadowFigures {
  const { version, shadow, readings, disagreements, scoreDifference, served, would } = life;
  const { errors, drops, trouble } = life;
  const since = new Date(sinceMs).toISOString();
  const compared = { readings, disagreements, scoreDifference, served, would };
  return { version, shadow, ...compared, errors, drops, trouble, since };
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
