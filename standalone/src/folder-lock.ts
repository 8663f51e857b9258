import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { StartError } from '@verdict/process';

/** Says that a folder is ours until it is released. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Takes a lock file for this process. A lock whose process is gone is taken over, without a question. Throws a
 * `StartError` when its process lives.
 */
export async function takeFolderLock(file: string, folder: string): Promise<FolderLock> {
  const mine = JSON.stringify({ pid: process.pid, born: await bornAt(process.pid) });
  // Written beside its place and then linked to it: so nobody ever sees half a lock, and of two one wins.
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await linked(draft, file)) return { release: () => release(file, mine) };
      const text = await textOf(file);
      if (text === null) continue;
      const pid = await holderOf(text);
      if (pid !== null)
        throw new StartError(
          `Verdict already runs on ${folder} (process ${pid}). Stop it first, or set VERDICT_DATA.`,
        );
      await putAside(file, text);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new StartError(`The lock ${file} cannot be taken: others take it all the time.`);
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock that read `text`. Somebody else may have put it aside and taken it since: that one goes back. */
async function putAside(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.old`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await textOf(aside)) !== text) await linked(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string, mine: string): Promise<void> {
  if ((await textOf(file)) === mine) await rm(file, { force: true });
}

async function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** The process of a lock while it lives, else null. */
async function holderOf(lock: string): Promise<number | null> {
  const pid = Number(/"pid":(\d+)/.exec(lock)?.[1]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  const born = /"born":"([^"]*)"/.exec(lock)?.[1];
  // A process id is given to others in time, and after a restart of the computer or container soon.
  return born === undefined || born === (await bornAt(pid)) ? pid : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What tells a process from all others that had its id: when it was started, and in which life of the computer. */
async function bornAt(pid: number): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // Field 22, start time in ticks since boot; the name before it may hold blanks and brackets.
    return `${boot.trim()}/${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    // It ended meanwhile, or the system does not tell.
    return null;
  }
}
