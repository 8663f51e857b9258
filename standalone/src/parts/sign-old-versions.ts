import { access } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '@verdict/process';
import type { Child, ChildSpec } from '../supervisor/child.ts';
import { writeWhole } from '../write-whole.ts';
import { signVersions } from './services.ts';
import type { Settings } from './settings.ts';

/** Exit code: what could be signed is signed; the rest is not what the registry says of it, and will not be loaded. */
const someRefused = 3;

/**
 * Signs, once in the life of a data folder, what was published before versions were signed here. Throws `StartError` when
 * that does not come to an end; the next start tries again.
 */
export async function signOldVersions(
  settings: Settings,
  run: (spec: ChildSpec) => Pick<Child, 'exited' | 'lastWords'>,
): Promise<void> {
  const { versionsSignedFile } = settings.secrets;
  if (await exists(versionsSignedFile)) return;
  if (await exists(path.join(settings.folders.blobs, 'models'))) {
    const child = run(signVersions(settings));
    const code = await child.exited;
    if (code !== 0 && code !== someRefused)
      throw new StartError(`The versions of models could not be signed: ${child.lastWords()}`);
  }
  await writeWhole(versionsSignedFile, 'yes');
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
