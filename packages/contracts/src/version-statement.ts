import { z } from 'zod';
import { ResourceName } from './names.ts';

/** What is signed of a version, where versions are signed: which one it is, and what its artefacts are. Stored beside them as `statement.json`. */
export const VersionStatement = z.strictObject({
  /** Says what the rest means; a statement of another kind is none of a version. */
  statement: z.literal('verdict.dev/version/v1'),
  namespace: ResourceName,
  model: ResourceName,
  version: z.int().positive(),
  /** By name within the version's folder: SHA-256 (hex) and number of bytes. */
  blobs: z.record(
    z.string(),
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().nonnegative() }),
  ),
});
export type VersionStatement = z.infer<typeof VersionStatement>;
