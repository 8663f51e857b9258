import type { PartitionView, Plan, PoolView } from '@verdict/contracts';
import type { PoolRow, PoolState } from '@verdict/storage';

/** Puts a pool's view together: every partition that the hub has, that the plan names, or that was ever claimed. */
export function poolView(facts: {
  pool: PoolRow;
  plan: Plan;
  state: PoolState;
  newest: ReadonlyMap<string, number>;
}): PoolView {
  const { pool, plan, state, newest } = facts;
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
      planned: plan.partitions[id] ?? { version: 0, shadow: null, fallback: null },
      checkpoint,
      readings: known?.readings ?? 0,
      duplicates: known?.duplicates ?? 0,
      lagEvents: last === undefined ? null : Math.max(0, last - checkpoint),
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
  };
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
