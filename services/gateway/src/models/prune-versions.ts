import type { ModelVersionView, PruneResult } from '@verdict/contracts';
import { unusedVersions, type VersionUse, versionsInUse } from '@verdict/lifecycle';
import type {
  BlobStore,
  ModelRow,
  PlanStore,
  RegistryStore,
  RolloutStore,
  UpkeepStore,
  VersionStore,
} from '@verdict/storage';
import { keyOf, type ModelDirectory } from './model-directory.ts';

/** What pruning needs. */
export interface PruneParts {
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly rollouts: RolloutStore;
  readonly versions: VersionStore;
  readonly upkeep: UpkeepStore;
  readonly directory: ModelDirectory;
}

/** Where a model's artefacts lie; each version has a folder in it. */
export function modelFolder({ namespace, name }: Pick<ModelRow, 'namespace' | 'name'>): string {
  return `models/${namespace}/${name}/`;
}

/**
 * Deletes artefacts in two steps, so that nobody who looked a moment ago is left without: what nothing uses is retired
 * now, and nothing new may name it; what an earlier call retired, and nothing uses still, loses its artefacts. So do
 * folders that were never registered because their training died, once a newer version is registered.
 */
export async function pruneVersions(
  parts: PruneParts,
  blobs: Pick<BlobStore, 'list' | 'delete'>,
  { model, keep }: { model: ModelRow; keep: number },
): Promise<PruneResult> {
  const { namespace, name } = model;
  const versions = await parts.versions.summaries(namespace, name);
  const training = (await parts.registry.trainings(namespace, name, 20)).some(
    ({ state }) => state === 'running',
  );
  const use = await usesOf(parts, model);
  const deleted = await deleteFolders(blobs, modelFolder(model), isDead({ versions, use, training }));
  const retired: number[] = [];
  for (const version of unusedVersions(versions, use, keep))
    if (await parts.versions.setState(namespace, name, version, 'retired')) retired.push(version);
  return { retired, deleted };
}

async function usesOf(parts: PruneParts, model: ModelRow): Promise<VersionUse | null> {
  const pool = (await parts.directory.current()).poolKeyOfModel(keyOf(model));
  if (pool === null) return null;
  const [plan, rollout, inForce] = await Promise.all([
    parts.plans.plan(pool),
    parts.rollouts.get(pool),
    parts.upkeep.versionsInForce(pool),
  ]);
  return { plan, rollout: rollout.state, commands: rollout.commands, inForce };
}

function isDead(known: {
  versions: readonly Pick<ModelVersionView, 'version' | 'state'>[];
  use: VersionUse | null;
  training: boolean;
}): (version: number) => boolean {
  const states = new Map(known.versions.map(({ version, state }) => [version, state]));
  const newest = Math.max(0, ...states.keys());
  const used = known.use === null ? new Set<number>() : versionsInUse(known.use);
  return (version) => {
    if (used.has(version)) return false;
    const state = states.get(version);
    // A training that runs may be about to register a version whose artefacts it has put already.
    return state === 'retired' || (state === undefined && version < newest && !known.training);
  };
}

async function deleteFolders(
  blobs: Pick<BlobStore, 'list' | 'delete'>,
  folder: string,
  isDead: (version: number) => boolean,
): Promise<number[]> {
  const deleted = new Set<number>();
  for (const blob of await blobs.list(folder)) {
    const version = Number(/^(\d+)\//.exec(blob.slice(folder.length))?.[1] ?? Number.NaN);
    if (!Number.isInteger(version) || !isDead(version)) continue;
    await blobs.delete(blob);
    deleted.add(version);
  }
  return [...deleted].sort((a, b) => a - b);
}
