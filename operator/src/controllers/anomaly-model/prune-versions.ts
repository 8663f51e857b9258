import { unusedVersions } from '@verdict/lifecycle';
import type { Logger } from '@verdict/process';
import type { EventNote } from '../../kube/event-recorder.ts';
import type { ModelPlatform } from '../../platform/platform.ts';
import { PlatformRefusedError } from '../../platform/platform-error.ts';
import { placeOf } from '../../resources/child.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ModelMemory } from './model-memory.ts';

/** So many of the newest versions are kept, whether anything refers to them or not. */
const keptVersions = 10;

/**
 * Has versions pruned that nothing refers to. Which ones those are the platform decides, that knows more than can be
 * seen from here; it is asked only when there seem to be some, and again for what the last call retired.
 *
 * @returns what is to be told of it
 */
export async function pruneVersions(
  parts: { readonly platform: Pick<ModelPlatform, 'pruneVersions'>; readonly logger: Logger },
  { owner, view, pool }: ModelFacts,
  memory: ModelMemory,
): Promise<EventNote | null> {
  const inForce = pool?.partitions.flatMap(({ version }) => version ?? []) ?? [];
  const { plan, rollout } = pool ?? {};
  const use = plan && rollout && { plan, rollout: rollout.state, commands: rollout.commands, inForce };
  const unused = unusedVersions(view.versions, use ?? null, keptVersions);
  const retiredBefore = view.versions.some(({ state }) => state === 'retired');
  if (!memory.mayPrune({ unused: unused.length > 0, retired: retiredBefore })) return null;
  // Noted first: an answer that is lost must not be asked for again at once, or what is retired now is deleted then.
  memory.pruned(true);
  try {
    const { retired, deleted } = await parts.platform.pruneVersions(placeOf(owner), keptVersions);
    memory.pruned(retired.length > 0);
    if (retired.length === 0 && deleted.length === 0) return null;
    memory.wrote();
    parts.logger.info({ model: `${view.namespace}/${view.name}`, retired, deleted }, 'versions were pruned');
    if (retired.length === 0) return null;
    const message = `nothing refers to ${retired.map((version) => `version ${version}`).join(', ')}: kept no longer`;
    return { type: 'Normal', reason: 'VersionsRetired', action: 'Prune', message };
  } catch (error) {
    if (!(error instanceof PlatformRefusedError)) throw error;
    memory.pruned(false);
    return { type: 'Warning', reason: 'PruningRefused', action: 'Prune', message: error.message };
  }
}
