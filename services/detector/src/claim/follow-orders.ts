import type { PoolOrders } from '../model/pool-orders.ts';
import { applyOverlay } from '../state/partition-memory.ts';
import { commitBatch, emptyOutcome } from './commit-batch.ts';
import { changeVersions, nextVersions } from './follow-plan.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { releaseSeries } from './release-series.ts';

/**
 * At a batch border: takes over the newest orders. Versions change as planned, the one in
 * force and the one beside it; series that are for another model now are let go, and so are the longest silent ones when
 * there are too many. Every such change is committed with a snapshot before the next event, so that no replay from it
 * crosses the change. A new false-alarm memory needs no snapshot: the next commit says from which event on it was in
 * force, and a replay heeds it.
 */
export async function followOrders(
  parts: DetectorParts,
  run: PartitionRun,
  signal: AbortSignal,
): Promise<void> {
  const orders = parts.orders();
  const versions = await nextVersions(parts, run, orders);
  const released = seriesToRelease(parts, run, orders);
  const reassigned = orders.assignment !== run.orders.assignment;
  const remembers = orders.overlay.number !== run.memory.overlay;
  run.orders = orders;
  if (versions === null && released.length === 0 && !reassigned && !remembers) return;
  // Events that went by uncommitted belong to what was in force until now; and what comes into force did not grow out of
  // a shadow that was let go as the partition was taken over.
  if (run.position > run.checkpoint || isUnsaid(run))
    await commitBatch(parts, run, emptyOutcome(run), signal);
  if (remembers) applyOverlay(run.memory, orders.overlay);
  const changed = versions !== null && (await changeVersions(parts, run, versions));
  if (!changed && released.length === 0 && !reassigned) return;
  const anomalies = releaseSeries(parts.pool, run.memory, released);
  await commitBatch(parts, run, { ...emptyOutcome(run), anomalies, mustSnapshot: true }, signal);
}

/** Whether what is in force is otherwise than the last commit has it. */
function isUnsaid({ committed, memory }: PartitionRun): boolean {
  if (committed === null) return false;
  return committed.version !== memory.engine.version || committed.shadow !== (memory.shadow?.version ?? null);
}

function seriesToRelease(parts: DetectorParts, run: PartitionRun, orders: PoolOrders): string[] {
  const { ledger } = run.memory;
  const released: string[] = [];
  const reassigned = orders.assignment !== run.orders.assignment || run.restored;
  run.restored = false;
  if (reassigned) for (const { series } of ledger.entries()) if (!orders.owns(series)) released.push(series);
  const tooMany = ledger.size - released.length - parts.limits.series;
  if (tooMany > 0) {
    // The ledger is in the order of the last readings; a tenth more, so that this does not happen at every border.
    const most = tooMany + Math.ceil(parts.limits.series / 10);
    const gone = new Set(released);
    for (const { series } of ledger.entries()) {
      if (released.length - gone.size >= most) break;
      if (!gone.has(series)) released.push(series);
    }
  }
  return released;
}
