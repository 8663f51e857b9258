import { mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StartError } from '@verdict/process';

/** Layout of the data folder; raised when an older Verdict could not read it any more. */
const layoutVersion = 1;
const leastFreeBytes = 300 * 1024 * 1024;

/** The data folder of this start, ours alone until it is released. */
export interface DataFolder {
  readonly root: string;
  /** True when the folder was empty before. */
  readonly fresh: boolean;
  /** A folder inside, made with mode 0700. */
  folder(name: string): Promise<string>;
  release(): Promise<void>;
}

/**
 * Opens or makes the data folder. Throws a `StartError` when it belongs to a newer Verdict, is in use by a living
 * one, cannot be written, or lies on a full disk.
 */
export async function openDataFolder(root: string): Promise<DataFolder> {
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError(`The data folder ${root} cannot be made: ${(error as Error).message}`);
  }
  await checkSpace(root);
  const fresh = await checkVersion(root);
  const lock = path.join(root, 'running.json');
  await takeLock(lock, root);
  return {
    root,
    fresh,
    async folder(name) {
      const folder = path.join(root, name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return folder;
    },
    release: () => rm(lock, { force: true }),
  };
}

async function checkSpace(root: string): Promise<void> {
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  if (free >= leastFreeBytes) return;
  const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);
  throw new StartError(
    `The disk of ${root} is full: ${megabytes(free)} MB are free, ${megabytes(leastFreeBytes)} MB are needed. ` +
      'Free some space or set VERDICT_DATA to a folder on another disk.',
  );
}

async function checkVersion(root: string): Promise<boolean> {
  const file = path.join(root, 'version.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new StartError(`The data folder ${root} cannot be read: ${error.message}`);
  });
  if (text === null) {
    try {
      await writeFile(file, `${JSON.stringify({ version: layoutVersion })}\n`);
    } catch (error) {
      throw new StartError(`The data folder ${root} cannot be written: ${(error as Error).message}`);
    }
    return true;
  }
  const version = versionIn(text);
  if (version === null)
    throw new StartError(`${file} is damaged: it should read {"version":${layoutVersion}}.`);
  if (version > layoutVersion) {
    throw new StartError(
      `The data folder ${root} was written by a newer Verdict (layout ${version}, this one knows ${layoutVersion}). ` +
        'Start that one, or set VERDICT_DATA to another folder.',
    );
  }
  return false;
}

function versionIn(text: string): number | null {
  try {
    const version: unknown = JSON.parse(text)?.version;
    return Number.isInteger(version) ? (version as number) : null;
  } catch {
    return null;
  }
}

async function takeLock(file: string, root: string): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await writeFile(file, JSON.stringify({ pid: process.pid }), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = Number(/"pid":(\d+)/.exec(await readFile(file, 'utf8'))?.[1]);
    if (isVerdict(pid, await commandOf(pid))) {
      throw new StartError(
        `Verdict already runs on ${root} (process ${pid}). Stop it first, or set VERDICT_DATA.`,
      );
    }
    await rm(file, { force: true });
  }
  throw new StartError(`The lock ${file} cannot be taken.`);
}

/** A process id may have been given to something else since: where the system tells, look at its command. */
async function commandOf(pid: number): Promise<string | null> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
}

function isVerdict(pid: number, command: string | null): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return command === null || command.includes('standalone');
}
