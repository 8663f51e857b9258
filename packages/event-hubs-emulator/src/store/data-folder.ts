import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError } from '../data-folder-error.ts';
import { syncFolder, writeFileDurably } from '../log/durable-write.ts';

const FORMAT_VERSION = 1;

/** Makes the folder if need be, locks it and checks its version. @returns a function that unlocks it */
export async function claimDataFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = lock(join(folder, 'lock'), folder);
  try {
    await checkVersion(folder);
    return unlock;
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * Node has no file locks, but SQLite takes the system's: they end with the process, however it ends, so a
 * killed emulator leaves nothing to clean up. Nothing is ever written to the file.
 */
function lock(path: string, folder: string): () => void {
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (/locked|busy/i.test(String(error))) {
      throw new DataFolderError(`The data folder ${folder} is in use by another emulator.`);
    }
    throw error;
  }
  return () => database.close();
}

async function checkVersion(folder: string): Promise<void> {
  const path = join(folder, 'version');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await writeFileDurably(path, `${FORMAT_VERSION}\n`);
    await syncFolder(folder);
    return;
  }
  if (text.trim() !== String(FORMAT_VERSION)) {
    throw new DataFolderError(
      `The data folder ${folder} has version '${text.trim()}', and this emulator writes version ${FORMAT_VERSION}: use a newer emulator or another folder.`,
    );
  }
}
