import { randomBytes } from 'node:crypto';
import { chown, cp, lstat, mkdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { binariesIn, type PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';

/** Whether `user` may enter every folder on the way to (not including) `path`; access lists are not looked at. */
export async function canReach(path: string, user: PostgresUser): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Where the data really lies. Root's own folders (`/root`, mode 0700) are closed to the user that PostgreSQL
 * runs as. Opening them would loosen the machine's permissions behind its owner's back, so the data then goes to
 * a new folder under `/var/lib/verdict`, and the wished path becomes a symbolic link to it: the link is the only
 * record, so removing it starts afresh, and nothing is ever overwritten.
 */
export async function reachableDataFolder(wished: string, user: PostgresUser | null): Promise<string> {
  await mkdir(dirname(wished), { recursive: true });
  const there = await lstat(wished).catch(() => null);
  if (there?.isSymbolicLink()) return readlink(wished);
  if (user === null || (await canReach(wished, user))) return wished;
  if (there !== null)
    throw new Error(
      `the data folder ${wished} lies where the user that PostgreSQL runs as (uid ${user.uid}) may not go: move it elsewhere, or start as its owner`,
    );
  const base = await sharedFolder(user);
  const real = join(base, `postgres-${randomBytes(6).toString('hex')}`);
  await symlink(real, wished);
  return real;
}

/** The programs, copied to a place that `user` can reach when their own is closed to it. */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  user: PostgresUser | null,
): Promise<PostgresBinaries> {
  if (user === null || (await canReach(binaries.postgres, user))) return binaries;
  const base = await sharedFolder(user);
  const copy = binariesIn(join(base, `postgresql-${binaries.version}`), binaries.version);
  if ((await stat(copy.postgres).catch(() => null)) !== null) return copy;
  const fresh = `${copy.root}.${randomBytes(6).toString('hex')}`;
  try {
    await cp(binaries.root, fresh, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !basename(source).endsWith('.a'),
    });
    await rename(fresh, copy.root).catch(async (error) => {
      // Another process was faster; its copy is as good.
      if ((await stat(copy.postgres).catch(() => null)) === null) throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return copy;
}

async function sharedFolder(user: PostgresUser): Promise<string> {
  for (const base of ['/var/lib/verdict', join(tmpdir(), 'verdict')]) {
    const made = await mkdir(base, { recursive: true, mode: 0o755 }).then(
      () => true,
      () => false,
    );
    if (made && (await canReach(join(base, 'x'), user))) return base;
  }
  throw new Error(
    `found no folder that the user PostgreSQL runs as (uid ${user.uid}) can reach, neither under /var/lib nor ${tmpdir()}`,
  );
}

/** Makes a folder that only `user` (null = oneself) may enter. */
export async function makePrivateFolder(path: string, user: PostgresUser | null): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  if (user !== null) await chown(path, user.uid, user.gid);
}
