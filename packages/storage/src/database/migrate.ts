import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { connectionOptions, type DatabaseAddress } from './database-address.ts';
import { asDatabaseError, DatabaseNewer } from './database-errors.ts';

const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url));
const migrationsTable = 'schema_migration';

/**
 * Brings the database to this release's schema; each file in `migrations/` runs once, in order. Many processes may
 * call it at the same time: the others wait for the first one. Throws `DatabaseNewer` when the database knows
 * migrations that this release does not, `DatabaseUnavailable` when it cannot be reached.
 */
export async function migrate(address: string | DatabaseAddress): Promise<void> {
  const client = new pg.Client({
    ...connectionOptions(typeof address === 'string' ? { url: address } : address),
    connectionTimeoutMillis: 10_000,
    // Waiting for another process's migration counts as a statement.
    statement_timeout: 300_000,
    application_name: 'verdict-migrate',
  });
  client.on('error', () => undefined); // the running query rejects too
  try {
    await client.connect();
    await refuseNewer(client);
    await runner({
      dbClient: client,
      dir: migrationsDir,
      direction: 'up',
      migrationsTable,
      advisoryLockMode: 'wait',
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    });
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await client.end();
  }
}

async function refuseNewer(client: pg.Client): Promise<void> {
  const found = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [migrationsTable]);
  if (found.rows[0]?.there !== true) return;
  const known = new Set((await readdir(migrationsDir)).map((file) => file.replace(/\.sql$/, '')));
  const done = await client.query<{ name: string }>(`SELECT name FROM ${migrationsTable} ORDER BY name`);
  const unknown = done.rows.find((row) => !known.has(row.name));
  if (unknown !== undefined)
    throw new DatabaseNewer(
      `the database was migrated by a newer release (it has ${unknown.name}): start that release, or restore a backup`,
    );
}
