import { builtInModel, type DetectionModel } from '@verdict/detection';
import { type PoolOrders, plannedVersion } from '../model/pool-orders.ts';
import { commitBatch, emptyOutcome } from './commit-batch.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { releaseSeries } from './release-series.ts';

/**
 * At a batch border: takes over the newest orders. A version that differs from the planned one is swapped as
 * soon as it is loaded (meanwhile the old one goes on); series that are for another model now are let go, and
 * so are the longest silent ones when there are too many. Every such change is committed with a snapshot before
 * the next event, so that no replay from it crosses the change.
 */
export async function followOrders(
  parts: DetectorParts,
  run: PartitionRun,
  signal: AbortSignal,
): Promise<void> {
  const orders = parts.orders();
  const model = nextModel(parts, run, orders);
  const released = seriesToRelease(parts, run, orders);
  const reassigned = orders.assignment !== run.orders.assignment;
  run.orders = orders;
  if (model === null && released.length === 0 && !reassigned) return;
  // Events that went by uncommitted belong to what was in force until now.
  if (run.position > run.checkpoint) await commitBatch(parts, run, emptyOutcome(run), signal);
  if (model !== null) {
    await run.memory.engine.swap(model);
    run.memory.builtIn = orders.builtIn;
    parts.logger.info({ partition: run.ref.partition, version: model.version }, 'model version in force');
  }
  const anomalies = releaseSeries(parts.pool, run.memory, released);
  await commitBatch(parts, run, { ...emptyOutcome(run), anomalies, mustSnapshot: true }, signal);
}

/** The model to change to now; null when the right one is in force, or is not loaded yet. */
function nextModel(parts: DetectorParts, run: PartitionRun, orders: PoolOrders): DetectionModel | null {
  const { engine, builtIn } = run.memory;
  const version = plannedVersion(orders.plan, run.ref.partition);
  if (version !== 0) return version === engine.version ? null : parts.models.ready(version);
  const asOrdered = JSON.stringify(builtIn) === JSON.stringify(orders.builtIn);
  return engine.version === 0 && asOrdered ? null : builtInModel(orders.builtIn);
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
