import type { PoolView, RolloutState } from '@verdict/contracts';
import type { PoolRound } from '@verdict/lifecycle';
import type { Logger } from '@verdict/process';
import type { EventNote } from '../../kube/event-recorder.ts';
import type { PoolPlatform } from '../../platform/platform.ts';
import { PlatformRefusedError } from '../../platform/platform-error.ts';
import type { Why } from '../../resources/ready-summary.ts';
import type { Partitions } from './fleet.ts';
import { rolloutNote } from './pool-events.ts';

/** What came of writing a round. */
export interface WrittenRound {
  readonly state: RolloutState;
  readonly plan: { readonly revision: number; readonly partitions: Partitions };
  /** Whether anything was written, or somebody else wrote first: then look again soon. */
  readonly changed: boolean;
  /** What the platform refuses, if it does. */
  readonly refused: Why | null;
}

/**
 * Writes what lifecycle wants, in its order: the record, the states of versions, the plan. Each follows from the
 * record, so that whatever is left out, by an error or by a crash, is asked for again at the next look. Rejects with
 * `PlatformUnavailableError`.
 */
export async function writeRound(
  parts: {
    readonly platform: PoolPlatform;
    readonly tell: (note: EventNote) => void;
    readonly logger: Logger;
  },
  view: PoolView,
  round: PoolRound,
  before: RolloutState,
): Promise<WrittenRound> {
  const { platform, tell, logger } = parts;
  const pool = `${view.namespace}/${view.name}`;
  const seen = { plan: view.plan };
  let state = before;
  let changed = false;
  let refused: Why | null = null;
  const attempt = async <T>(write: () => Promise<T>): Promise<T | null> => {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof PlatformRefusedError)) throw error;
      refused ??= { reason: 'PlatformRefuses', message: error.message };
      return null;
    }
  };
  if (round.update) {
    const { update } = round;
    const saved = await attempt(() => platform.saveRollout(view, update));
    if (refused !== null) return { ...seen, state, changed, refused };
    // Somebody else wrote: the next look decides on what stands there now.
    if (saved === null) return { ...seen, state, changed: true, refused };
    ({ state } = update);
    changed = true;
    for (const event of round.update.events) {
      logger[event.reason === 'TakenBack' ? 'warn' : 'info']({ pool, reason: event.reason }, event.message);
      tell(rolloutNote(event));
    }
  }
  for (const { version, state: known } of round.versionStates) {
    changed = true;
    // A registry that refuses must not keep a bad version on its partitions.
    await attempt(() => platform.setVersionState(view, version, known));
  }
  if (round.plan === null) return { ...seen, state, changed, refused };
  const { plan: partitions } = round;
  const plan = await attempt(() => platform.writePlan(view, partitions));
  if (plan !== null) logger.info({ pool, revision: plan.revision }, 'new plan');
  return { state, plan: plan ?? view.plan, changed: true, refused };
}
