import { readFile, readlink, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Clears what a starter that was killed left behind in `dataDir`: a server that still runs without its parent is
 * stopped; a lock file that names a process which is not PostgreSQL (the number was given to somebody else) is
 * removed, since PostgreSQL itself would take that process for a server. Throws when another living starter
 * has its server there.
 */
export async function clearLeftOverPostmaster(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => null);
  const pid = Number(text?.split('\n')[0]);
  if (text === null || !Number.isInteger(pid) || pid <= 1) return;
  if (!isAlive(pid)) return; // PostgreSQL clears that itself
  const process = await describe(pid);
  if (process === null) return;
  if (process.program !== 'postgres') return rm(file, { force: true });
  if (process.parentIsStarter)
    throw new Error(`the data folder ${dataDir} is in use: another server (process ${pid}) runs on it`);
  await stopOrphan(pid);
}

/** Fast shutdown first; after 10 s without questions (it recovers from its log). */
async function stopOrphan(pid: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    signalIfAlive(pid, signal);
    for (let waited = 0; waited < waitMs; waited += 50) {
      if (!isAlive(pid)) return;
      await sleep(50);
    }
  }
  throw new Error(`a left-over PostgreSQL (process ${pid}) does not stop`);
}

/** Signals a process; nothing happens when it has ended meanwhile. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What runs under this number; null where the system does not tell (PostgreSQL then decides by itself). */
async function describe(pid: number): Promise<{ program: string; parentIsStarter: boolean } | null> {
  if (process.platform !== 'linux') return null;
  const program = await programOf(pid);
  if (program === null) return null;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 1);
  const parentIsStarter =
    parent > 1 && parent !== process.pid && (await programOf(parent))?.startsWith('node') === true;
  return { program, parentIsStarter };
}

/** Name of the program file; of the command where the file may not be read (another user's process). */
async function programOf(pid: number): Promise<string | null> {
  const file = await readlink(`/proc/${pid}/exe`).catch(() => null);
  if (file !== null) return basename(file).replace(/ \(deleted\)$/, '');
  const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => null);
  return command?.trim() ?? null;
}
