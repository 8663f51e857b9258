import type { Logger } from '@verdict/process';
import { DatabaseUnavailable, type PlanStore, type PoolState } from '@verdict/storage';
import { type DetectorClient, DetectorUnreachable } from '../detectors/detector-client.ts';

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
  await Promise.all(
    (await liveMembers(plans, pool)).map(async ({ holder, address }) => {
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

async function liveMembers(plans: PlanStore, pool: string): Promise<PoolState['members']> {
  try {
    return (await plans.poolState(pool)).members;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return [];
    throw error;
  }
}
