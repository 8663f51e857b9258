import { access, constants, mkdir, readdir, readFile, statfs } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '@verdict/process';
import { takeFolderLock } from './folder-lock.ts';
import { writeWhole } from './write-whole.ts';

/** Layout of the data folder; raised when an older Verdict could not read it any more. */
const layoutVersion = 1;
const leastFreeBytes = 300 * 1024 * 1024;

/** The data folder of this start, ours alone until it is released. */
export interface DataFolder {
  readonly root: string;
  /** True when this start made it. */
  readonly fresh: boolean;
  /** A folder inside, made with mode 0700. */
  folder(name: string): Promise<string>;
  release(): Promise<void>;
}

/** Root hands PostgreSQL to another user, who must be able to pass through; what is secret lies deeper. */
const rootMode = process.getuid?.() === 0 ? 0o711 : 0o700;

/** What the system tells about the disk of a folder. */
type AskDisk = (folder: string) => Promise<{ bavail: number; bsize: number }>;

/**
 * Opens or makes the data folder. Throws a `StartError` when it belongs to a newer Verdict, is in use by a living
 * one, cannot be written, holds something else, or lies on a full disk.
 */
export async function openDataFolder(root: string, askDisk: AskDisk = statfs): Promise<DataFolder> {
  try {
    await mkdir(root, { recursive: true, mode: rootMode });
  } catch (error) {
    throw new StartError(`The data folder ${root} cannot be made: ${(error as Error).message}`);
  }
  try {
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
    await checkSpace(root, askDisk);
    // Before the lock, so that a folder which is not ours stays as it is; the lock shows who else is at it.
    const found = await checkVersion(root);
    const lock = await takeFolderLock(path.join(root, 'running.json'), root);
    if (found === null)
      await writeWhole(versionFile(root), `${JSON.stringify({ version: layoutVersion })}\n`);
    return {
      root,
      fresh: found === null,
      async folder(name) {
        const folder = path.join(root, name);
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return folder;
      },
      release: lock.release,
    };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof StartError || code === undefined) throw error;
    throw new StartError(`The data folder ${root} cannot be used: ${message}`);
  }
}

async function checkSpace(root: string, askDisk: AskDisk): Promise<void> {
  const { bavail, bsize } = await askDisk(root);
  const free = bavail * bsize;
  if (free >= leastFreeBytes) return;
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  throw new StartError(
    `The disk of ${root} is full: ${megabytes(free)} MB are free, ${megabytes(leastFreeBytes)} MB are needed. ` +
      'Free some space or set VERDICT_DATA to a folder on another disk.',
  );
}

function versionFile(root: string): string {
  return path.join(root, 'version.json');
}

/** Layout version of the folder; null when it is empty. */
async function checkVersion(root: string): Promise<number | null> {
  const file = versionFile(root);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    // Hidden files and `lost+found` are of the system's making (a mounted disk has them).
    const ours = /^(\.|lost\+found$|(running|version)\.json)/;
    const others = (await readdir(root)).filter((name) => !ours.test(name));
    if (others.length === 0) return null;
    throw new StartError(
      `The folder ${root} holds something else than data of Verdict (${others[0]}, …): ` +
        'set VERDICT_DATA to an empty folder or a new one.',
    );
  }
  const version = versionIn(text);
  if (version === null)
    throw new StartError(`${file} is damaged: it should read {"version":${layoutVersion}}.`);
  if (version <= layoutVersion) return version;
  throw new StartError(
    `The data folder ${root} was written by a newer Verdict (layout ${version}, this one knows ${layoutVersion}). ` +
      'Start that one, or set VERDICT_DATA to another folder.',
  );
}

function versionIn(text: string): number | null {
  try {
    const version: unknown = JSON.parse(text)?.version;
    return Number.isInteger(version) ? (version as number) : null;
  } catch {
    return null;
  }
}
