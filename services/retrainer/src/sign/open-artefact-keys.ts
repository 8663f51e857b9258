import { StartError } from '@verdict/process';
import { type ArtefactSigner, readArtefactSigner, type TrustedKeys, trustedKeysFile } from '@verdict/storage';

/** Files of the environment, as far as they are given. */
export interface ArtefactKeyFiles {
  readonly VERDICT_ARTEFACT_KEY_FILE?: string | undefined;
  readonly VERDICT_ARTEFACT_JWKS_FILE?: string | undefined;
}

/** Who signs what is published, and whose signatures are believed; null where it is not configured. */
export interface ArtefactKeys {
  readonly signer: ArtefactSigner | null;
  readonly trusted: TrustedKeys | null;
}

/** Reads both. Throws `StartError`, also when nobody would believe what is signed: no detector could load it. */
export async function openArtefactKeys(files: ArtefactKeyFiles): Promise<ArtefactKeys> {
  const { VERDICT_ARTEFACT_KEY_FILE: keyFile, VERDICT_ARTEFACT_JWKS_FILE: setFile } = files;
  const signer = await named('VERDICT_ARTEFACT_KEY_FILE', readArtefactSigner(keyFile));
  const trusted =
    setFile === undefined ? null : await named('VERDICT_ARTEFACT_JWKS_FILE', trustedKeysFile(setFile));
  if (signer !== null && trusted !== null) {
    const kids = (await trusted()).map(({ kid }) => kid);
    if (!kids.includes(signer.kid))
      throw new StartError(
        `${setFile} (VERDICT_ARTEFACT_JWKS_FILE) lacks the public key of ${keyFile} (VERDICT_ARTEFACT_KEY_FILE), ${signer.kid}: no version that is signed with it could be loaded.`,
      );
  }
  return { signer, trusted };
}

async function named<T>(variable: string, opening: Promise<T>): Promise<T> {
  return opening.catch((error: Error) => {
    throw new StartError(`${variable}: ${error.message}`, { cause: error });
  });
}
