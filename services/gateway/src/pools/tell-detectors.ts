import type { Logger } from '@verdict/process';
import type { PlanStore } from '@verdict/storage';
import type { DetectorClient } from '../detectors/detector-client.ts';

/**
 * Tells every live detector of a pool that its plan has a new revision. Best effort: a detector that cannot be told
 * reads the plan at its next heartbeat anyway.
 */
export async function tellDetectors(
  parts: { plans: PlanStore; detectors: DetectorClient; logger: Logger },
  pool: string,
  revision: number,
): Promise<void> {
  const { members } = await parts.plans.poolState(pool);
  await Promise.all(
    members.map(async ({ holder, address }) => {
      if (address === null) return;
      try {
        await parts.detectors.update(address, { revision });
      } catch (error) {
        parts.logger.info(
          { pool, holder, err: error },
          'a detector will see the new plan at its next heartbeat',
        );
      }
    }),
  );
}
