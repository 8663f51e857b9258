import { builtInModel, type DetectionModel } from '@verdict/detection';
import { UnusableVersion } from '@verdict/storage';
import { type PoolOrders, partitionPlan } from '../model/pool-orders.ts';
import { applyOverlay } from '../state/partition-memory.ts';
import { blame, blameVersion } from './blame-version.ts';
import { commitBatch, emptyOutcome } from './commit-batch.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { releaseSeries } from './release-series.ts';
import { versionToServe } from './version-troubles.ts';

/**
 * At a batch border: takes over the newest orders. A version that differs from the planned one is swapped as
 * soon as it is loaded (meanwhile the old one goes on, as it does while the planned one fails); series that are for
 * another model now are let go, and so are the longest silent ones when there are too many. Every such change is
 * committed with a snapshot before the next event, so that no replay from it crosses the change. A new false-alarm
 * memory needs no snapshot: the next commit says from which event on it was in force, and a replay heeds it.
 */
export async function followOrders(
  parts: DetectorParts,
  run: PartitionRun,
  signal: AbortSignal,
): Promise<void> {
  const orders = parts.orders();
  const model = await nextModel(parts, run, orders);
  const released = seriesToRelease(parts, run, orders);
  const reassigned = orders.assignment !== run.orders.assignment;
  const remembers = orders.overlay.number !== run.memory.overlay;
  run.orders = orders;
  if (model === null && released.length === 0 && !reassigned && !remembers) return;
  // Events that went by uncommitted belong to what was in force until now.
  if (run.position > run.checkpoint) await commitBatch(parts, run, emptyOutcome(run), signal);
  if (remembers) applyOverlay(run.memory, orders.overlay);
  const swapped = model !== null && (await swap(parts, run, model));
  if (!swapped && released.length === 0 && !reassigned) return;
  const anomalies = releaseSeries(parts.pool, run.memory, released);
  await commitBatch(parts, run, { ...emptyOutcome(run), anomalies, mustSnapshot: true }, signal);
}

/** @returns false when the version threw: the one before goes on, and the other is tried again later. */
async function swap(parts: DetectorParts, run: PartitionRun, model: DetectionModel): Promise<boolean> {
  const { memory, ref, orders, troubles } = run;
  const { version } = model;
  try {
    await blameVersion(parts, { ...ref, version, troubles }, () => memory.engine.swap(model));
  } catch (error) {
    // A swap that fails leaves the engine as it was; without a net to blame it is a bug.
    if (troubles.mayTry(version)) throw error;
    parts.logger.error(
      { err: error, ...ref, version, serving: memory.engine.version },
      'version cannot serve',
    );
    return false;
  }
  memory.builtIn = orders.builtIn;
  parts.logger.info({ partition: ref.partition, version }, 'model version in force');
  return true;
}

/** The model to change to now; null when the right one is in force, or is not loaded yet. */
async function nextModel(
  parts: DetectorParts,
  run: PartitionRun,
  orders: PoolOrders,
): Promise<DetectionModel | null> {
  const { engine, builtIn } = run.memory;
  const plan = partitionPlan(orders.plan, run.ref.partition);
  run.troubles.keepOnly([plan.version, engine.version, plan.fallback ?? 0]);
  const version = versionToServe(plan, engine.version, run.troubles);
  if (version !== 0) {
    if (version === engine.version) return null;
    const model = parts.models.ready(version);
    if (model === null) await blameFailedLoad(parts, run, version);
    if (model !== null || run.troubles.mayTry(engine.version)) return model;
    // Nothing more may be scored with what is in force, for it fails: the built-in version is always there.
    return await parts.models.load(version).catch(() => builtInModel(orders.builtIn));
  }
  const asOrdered = JSON.stringify(builtIn) === JSON.stringify(orders.builtIn);
  return engine.version === 0 && asOrdered ? null : builtInModel(orders.builtIn);
}

/** A version that is missing or damaged fails like one whose net throws; blobs that nobody can reach are no fault of it. */
async function blameFailedLoad(
  parts: DetectorParts,
  { ref, troubles }: PartitionRun,
  version: number,
): Promise<void> {
  const failure = parts.models.failure(version);
  if (failure instanceof UnusableVersion && troubles.isNewLoad(failure))
    await blame(parts, { ...ref, version, troubles }, failure);
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
