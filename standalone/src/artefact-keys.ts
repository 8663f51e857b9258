import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import { newArtefactKey, readArtefactSigner } from '@verdict/storage/signatures';
import { writeWhole } from './write-whole.ts';

/** Keys by which versions of models are signed and checked, as files of a data folder. */
export interface ArtefactKeys {
  /** Private key, for trainings alone. */
  readonly artefactKeyFile: string;
  /** JWK set with the public keys whose signatures are believed. */
  readonly artefactJwksFile: string;
  /** Exists once all versions from before there were signatures have been signed. */
  readonly versionsSignedFile: string;
}

/**
 * Makes the key if it is missing. Its public half is believed, and so is every other one that is believed already: after a
 * key was removed to get another one, what the old one signed still loads.
 */
export async function keepArtefactKeys(folder: string): Promise<ArtefactKeys> {
  const file = (name: string) => path.join(folder, name);
  const artefactKeyFile = file('artefact-key.json');
  const artefactJwksFile = file('artefact-public-keys.json');
  if (await read(artefactKeyFile)) {
    // A copied folder has lost its modes, perhaps.
    await chmod(artefactKeyFile, 0o600);
  } else await writeWhole(artefactKeyFile, newArtefactKey());
  const signer = await readArtefactSigner(artefactKeyFile);
  const own = signer?.keySet.keys ?? [];
  const others = keysIn(await read(artefactJwksFile)).filter(({ kid }) => kid !== signer?.kid);
  await writeWhole(artefactJwksFile, `${JSON.stringify({ keys: [...own, ...others] }, null, 2)}\n`);
  return { artefactKeyFile, artefactJwksFile, versionsSignedFile: file('versions-signed') };
}

function keysIn(text: string | null): { readonly kid?: unknown }[] {
  if (!text) return [];
  const { keys } = JSON.parse(text) as { keys?: unknown };
  return Array.isArray(keys) ? keys : [];
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
