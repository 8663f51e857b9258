import { z } from 'zod';

/**
 * Body of `PUT /models/{name}/trainings/{triggerId}` (role service), from whoever runs the jobs: `running` records a
 * training before its job starts, `failed` that the job ended without a word of its own. The first end counts.
 */
export const TrainingRecordUpdate = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('running') }),
  z.strictObject({ state: z.literal('failed'), message: z.string().max(2048) }),
]);
export type TrainingRecordUpdate = z.infer<typeof TrainingRecordUpdate>;

/** Body of `POST /models/{name}/versions/prune` (role service): how many of the newest versions stay in any case. */
export const PruneRequest = z.strictObject({ keep: z.int().min(1).max(1000) });
export type PruneRequest = z.infer<typeof PruneRequest>;

/** Answer of `POST /models/{name}/versions/prune`. */
export const PruneResult = z.object({
  /** Versions that are retired from now on, ascending: they are kept no more, and nothing may name them any longer. */
  retired: z.array(z.int().positive()),
  /** Versions, retired or never registered, whose artefacts are deleted now, ascending. */
  deleted: z.array(z.int().positive()),
});
export type PruneResult = z.infer<typeof PruneResult>;
