import { writeFile } from 'node:fs/promises';
import { newArtefactKey, readArtefactSigner } from '@verdict/storage';

/**
 * `retrainer artefact-key FILE`: makes a private key (Ed25519, mode 0600) unless the file is there, and prints its public
 * half as a JWK set. Resolves with the exit code.
 */
export async function printArtefactKey(
  file: string | undefined,
  { print, complain }: { print: (text: string) => void; complain: (text: string) => void },
): Promise<number> {
  if (file === undefined) {
    complain(
      'retrainer artefact-key needs the name of the file with the private key, which is made if missing.\n',
    );
    return 2;
  }
  try {
    await makeIfMissing(file);
    const signer = await readArtefactSigner(file);
    print(`${JSON.stringify(signer?.keySet, null, 2)}\n`);
    return 0;
  } catch (error) {
    complain(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function makeIfMissing(file: string): Promise<void> {
  try {
    await writeFile(file, newArtefactKey(), { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
