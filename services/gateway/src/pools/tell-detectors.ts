import type { Logger } from '@verdict/process';
import type { PlanStore } from '@verdict/storage';
import { type DetectorClient, DetectorUnreachable } from '../detectors/detector-client.ts';
import { unlessDatabaseAway } from '../unless-database-away.ts';

/**
 * Tells every live detector of a pool that its plan has a new revision. Best effort, since the plan is written: a
 * detector that cannot be told, or found, reads it at its next heartbeat anyway.
 */
export async function tellDetectors(
  parts: { plans: PlanStore; detectors: DetectorClient; logger: Logger },
  pool: string,
  revision: number,
): Promise<void> {
  const { plans, detectors, logger } = parts;
  const state = await unlessDatabaseAway(plans.poolState(pool), { members: [] });
  await Promise.all(
    state.members.map(async ({ holder, address }) => {
      if (address === null) return;
      try {
        await detectors.update(address, { revision });
      } catch (error) {
        if (!(error instanceof DetectorUnreachable)) throw error;
        logger.info({ pool, holder, err: error }, 'a detector will see the new plan at its next heartbeat');
      }
    }),
  );
}
