import type { Logger } from '@verdict/process';
import {
  type ArtefactSigner,
  type BlobStore,
  type RegistryStore,
  signRegisteredVersion,
  UnusableVersion,
} from '@verdict/storage';

/** What signing everything needs. */
export interface SignVersionsParts {
  readonly registry: Pick<RegistryStore, 'models' | 'versions'>;
  readonly blobs: Pick<BlobStore, 'put' | 'get'>;
  readonly signer: ArtefactSigner;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** How many versions bear the signature now, and how many do not since they are not what the registry says. */
export interface SignedVersions {
  readonly signed: number;
  readonly refused: number;
}

/**
 * Signs all versions of all models that were published before there was a signature, or with another key. Retired ones
 * are left out: they lose their artefacts.
 */
export async function signVersions(parts: SignVersionsParts): Promise<SignedVersions> {
  const { registry, blobs, signer, logger } = parts;
  let signed = 0;
  let refused = 0;
  for (const { namespace, name } of await registry.models())
    for (const row of await registry.versions(namespace, name)) {
      if (row.state === 'retired') continue;
      const ref = { namespace, model: name, version: row.version };
      try {
        await signRegisteredVersion(blobs, { ref, signer }, row);
        signed += 1;
        logger.info({ ...ref, kid: signer.kid }, 'version signed');
      } catch (error) {
        if (!(error instanceof UnusableVersion)) throw error;
        refused += 1;
        logger.error({ ...ref, reason: error.message }, 'version not signed');
      }
    }
  return { signed, refused };
}
