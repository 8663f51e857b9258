import { builtInModel, type DetectionModel } from '@verdict/detection';
import { UnusableVersion } from '@verdict/storage';
import { type PoolOrders, partitionPlan } from '../model/pool-orders.ts';
import { changeActive, engineBeside } from '../shadow/change-versions.ts';
import { blame, blameVersion } from './blame-version.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { versionToServe } from './version-troubles.ts';

/** Versions to change to at this batch border. */
export interface NextVersions {
  /** Null = the one in force stays. */
  readonly active: DetectionModel | null;
  /** What is to be scored beside it from now on; null = nothing. */
  readonly shadow: DetectionModel | null;
}

/**
 * What the plan changes now; null when it is followed already, or cannot be yet. A version that differs from the
 * planned one is changed as soon as it is loaded; meanwhile the old one goes on, as it does while the planned one
 * fails.
 */
export async function nextVersions(
  parts: DetectorParts,
  run: PartitionRun,
  orders: PoolOrders,
): Promise<NextVersions | null> {
  const active = await nextActive(parts, run, orders);
  const shadow = nextShadow(parts, run, orders, active?.version ?? run.memory.engine.version);
  const before = run.memory.shadow?.version ?? null;
  const stays = active === null && (shadow?.version ?? null) === before && !isStale(run, orders);
  return stays ? null : { active, shadow };
}

/** Changes to them. @returns whether anything was changed: a version that throws leaves all as it was */
export async function changeVersions(
  parts: DetectorParts,
  run: PartitionRun,
  { active, shadow }: NextVersions,
): Promise<boolean> {
  const { memory, orders, shadows } = run;
  const before = memory.shadow;
  if (isStale(run, orders)) memory.shadow = null;
  const change = { engines: parts.engines, mostBytes: shadows.limits.bytes };
  if (active !== null) {
    const work = () => changeActive(memory, { model: active, beside: shadow?.version ?? null }, change);
    if (!(await serves(parts, run, active.version, work))) return memory.shadow !== before;
  }
  memory.builtIn = orders.builtIn;
  if (shadow === null) memory.shadow = null;
  else await shadows.begin(memory, shadow.version, () => engineBeside(memory, shadow, change));
  const changed = active !== null || memory.shadow !== before;
  const { partition } = run.ref;
  const inForce = { version: memory.engine.version, shadow: memory.shadow?.version ?? null };
  if (changed) parts.logger.info({ partition, ...inForce }, 'model version in force');
  return changed;
}

/** @returns false when the version threw: the one before goes on, and the other is tried again later. */
async function serves(
  parts: DetectorParts,
  { memory, ref, troubles }: PartitionRun,
  version: number,
  change: () => Promise<void>,
): Promise<boolean> {
  try {
    await blameVersion(parts, { ...ref, version, troubles }, change);
    return true;
  } catch (error) {
    // A change that fails leaves the engine as it was; without a net to blame it is a bug.
    if (troubles.mayTry(version)) throw error;
    parts.logger.error(
      { err: error, ...ref, version, serving: memory.engine.version },
      'version cannot serve',
    );
    return false;
  }
}

/** The model to change to now; null when the right one is in force, or is not loaded yet. */
async function nextActive(
  parts: DetectorParts,
  run: PartitionRun,
  orders: PoolOrders,
): Promise<DetectionModel | null> {
  const { engine } = run.memory;
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
  return engine.version === 0 && isBuiltAsOrdered(run, orders) ? null : builtInModel(orders.builtIn);
}

/** The model to be scored beside the one that serves then; null when there is none, or not yet. */
function nextShadow(
  parts: DetectorParts,
  { ref, shadows }: PartitionRun,
  orders: PoolOrders,
  serving: number,
): DetectionModel | null {
  const { shadow: version } = partitionPlan(orders.plan, ref.partition);
  shadows.keepOnly(version);
  if (version === null || version === serving || !shadows.mayTry(version)) return null;
  if (version === 0) return builtInModel(orders.builtIn);
  const model = parts.models.ready(version);
  if (model === null) shadows.noteFailedLoad(version, parts.models.failure(version));
  return model;
}

/** The built-in version is scored beside, but looks at something else by now. */
function isStale(run: PartitionRun, orders: PoolOrders): boolean {
  return run.memory.shadow?.version === 0 && !isBuiltAsOrdered(run, orders);
}

function isBuiltAsOrdered({ memory }: PartitionRun, { builtIn }: PoolOrders): boolean {
  return JSON.stringify(memory.builtIn) === JSON.stringify(builtIn);
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
