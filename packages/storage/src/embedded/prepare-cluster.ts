import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { type PostgresUser, postgresUser } from './postgres-user.ts';
import { makePrivateFolder, reachableBinaries, reachableDataFolder } from './reachable-folder.ts';
import { runProgram } from './run-program.ts';

/** A data folder that is ready to be served. */
export interface Cluster {
  readonly binaries: PostgresBinaries;
  /** Null = as oneself. */
  readonly runAs: PostgresUser | null;
  readonly dataDir: string;
}

/** Makes the data folder when it is missing, and checks that it fits the programs when it is there. */
export async function prepareCluster(
  options: { dataDir: string; password: string },
  superuser: string,
  installed: PostgresBinaries,
): Promise<Cluster> {
  const wished = resolve(options.dataDir);
  const existing = await stat(wished).catch(() => null);
  const runAs = await postgresUser(existing);
  const dataDir = await reachableDataFolder(wished, runAs);
  const binaries = await reachableBinaries(installed, runAs);
  const major = binaries.version.split('.')[0];
  const found = await clusterVersion(dataDir);
  if (found === null) await initialise({ binaries, runAs, dataDir }, superuser, options.password);
  else if (found !== major)
    throw new Error(
      `the data folder ${wished} was made by PostgreSQL ${found}, but this is PostgreSQL ${major}: use another folder, or move the data with pg_dump`,
    );
  return { binaries, runAs, dataDir };
}

/** Major version of the cluster in a folder; null where there is nothing yet. */
async function clusterVersion(dataDir: string): Promise<string | null> {
  const entries = await readdir(dataDir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.length === 0) return null;
  if (!entries.includes('PG_VERSION'))
    throw new Error(`the folder ${dataDir} holds something else than a PostgreSQL data folder`);
  return (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
}

/** Builds the cluster beside its final place and renames it, so that a kill half-way leaves nothing half-made. */
async function initialise(cluster: Cluster, superuser: string, password: string): Promise<void> {
  const { binaries, runAs, dataDir } = cluster;
  const fresh = `${dataDir}.${randomBytes(6).toString('hex')}`;
  const secrets = await mkdtemp(join(tmpdir(), 'verdict-'));
  const passwordFile = join(secrets, 'password');
  try {
    await makePrivateFolder(fresh, runAs);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (runAs !== null) for (const path of [secrets, passwordFile]) await chown(path, runAs.uid, runAs.gid);
    await runProgram(
      binaries.initdb,
      [
        `--pgdata=${fresh}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
        '--no-instructions',
      ],
      { user: runAs, timeoutMs: 120_000 },
    );
    await rmdir(dataDir).catch(() => undefined); // an empty folder may be there
    await rename(fresh, dataDir);
  } finally {
    await rm(secrets, { recursive: true, force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}
