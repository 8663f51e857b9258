import { z } from 'zod';

/** What one partition is to be served with. */
export const PartitionPlan = z.strictObject({
  version: z.int().nonnegative(),
  /** Version scored beside it for comparison only; null = none. */
  shadow: z.int().nonnegative().nullable().default(null),
  /** Version whose detectors take the partition when those of `version` are gone; null = none. */
  fallback: z.int().nonnegative().nullable().default(null),
});
export type PartitionPlan = z.output<typeof PartitionPlan>;
