import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate } from '../database/migrate.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/start-embedded-postgres.ts';

/** The database of a server that others are copied from: all migrations are in it, and nobody is connected to it. */
const migrated = 'migrated';

/** A folder that the runner of all tests makes for one run, in memory where it can; undefined = a file runs by itself. */
export function runFolder(): string | undefined {
  return process.env.VERDICT_TEST_RUN_FOLDER || undefined;
}

/**
 * Copies a stopped server with a migrated database to `dataDir`, which must not exist, and gives its password. To make
 * a server costs a second of computing, to copy one a tenth. Null when there is no run that keeps one for all.
 */
export async function copyPreparedCluster(dataDir: string): Promise<string | null> {
  const folder = runFolder();
  if (folder === undefined) return null;
  const prepared = join(folder, 'postgres');
  const password =
    (await readFile(join(prepared, 'password'), 'utf8').catch(() => null)) ??
    (await prepare(folder, prepared));
  // Not by Node: the files belong to the user that PostgreSQL runs as, and shall go on doing so.
  await promisify(execFile)('cp', ['-a', join(prepared, 'data'), dataDir], { timeout: 60_000 });
  return password;
}

/** The first ones that come make one each, and the first of these that is ready is kept. */
async function prepare(folder: string, prepared: string): Promise<string> {
  const own = join(folder, randomBytes(6).toString('hex'));
  await mkdir(own);
  // Under root the server runs as another user, who has to get there.
  await Promise.all([folder, own].map((path) => chmod(path, 0o711)));
  const password = randomBytes(12).toString('hex');
  const server = await startEmbeddedPostgres({ dataDir: join(own, 'data'), port: 0, password, fsync: false });
  try {
    await makeMigrated(server);
  } finally {
    await server.stop();
  }
  await writeFile(join(own, 'password'), password);
  try {
    await rename(own, prepared);
    return password;
  } catch (error) {
    const first = await readFile(join(prepared, 'password'), 'utf8').catch(() => null);
    if (first === null) throw error;
    await rm(own, { recursive: true });
    return first;
  }
}

/** Makes the database that others are copied from, unless the server has it. */
export async function makeMigrated(server: Pick<EmbeddedPostgres, 'url'>): Promise<void> {
  const made = await query(server.url, `SELECT FROM pg_database WHERE datname = '${migrated}'`);
  if (made.rowCount === 1) return;
  await query(server.url, `CREATE DATABASE ${migrated} TEMPLATE template0`);
  await migrate(server.url.replace(/\/verdict$/, `/${migrated}`));
}

/** Makes a database of a server: an empty one, or one with all migrations. */
export async function makeDatabase(server: string, name: string, from: 'empty' | 'migrated'): Promise<void> {
  const template = from === 'empty' ? 'template0' : `${migrated} STRATEGY FILE_COPY`;
  await query(server, `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${template}`);
}

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
