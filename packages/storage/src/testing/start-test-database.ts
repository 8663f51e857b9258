import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { signalIfAlive } from '../embedded/left-over-postmaster.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded/start-embedded-postgres.ts';
import { copyPreparedCluster, makeDatabase, makeMigrated, runFolder } from './prepared-cluster.ts';

/** A real PostgreSQL for the tests of one file; its data lies in a temporary folder and fsync is off. */
export interface TestDatabase {
  /** Of the database `verdict` (empty: nothing is migrated). Stays the same over restarts. */
  readonly url: string;
  /** Makes a fresh empty database in the same server and returns its URL. The name may repeat between calls. */
  createDatabase(name: string): Promise<string>;
  /** The same with all migrations. */
  migratedDatabase(name: string): Promise<string>;
  /** Kills the server as a crash would. */
  kill9(): Promise<void>;
  /** Starts it again on the same port after `kill9`, or restarts it cleanly. */
  restart(): Promise<void>;
  /** Holds the server with all its sessions still: nobody is refused, and nobody is answered. */
  freeze(): Promise<void>;
  /** Lets it go on. */
  thaw(): void;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/**
 * A test that is killed must not leave a server behind: this shell waits until its standard input ends, as it does
 * with the test process however that ends, and then clears up.
 */
function watchOver(folder: string): ChildProcess {
  const script = 'read -r _; kill -9 "$(head -n 1 "$0/data/postmaster.pid")"; rm -rf "$0"';
  const watchdog = spawn('/bin/sh', ['-c', script, folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watchdog.unref();
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return watchdog;
}

/** Starts a PostgreSQL of the test's own on a free port. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(runFolder() ?? tmpdir(), 'verdict-pg-'));
  await chmod(folder, 0o711); // under root the server runs as another user
  const dataDir = join(folder, 'data');
  let password = '';
  const start = (port: number) => startEmbeddedPostgres({ dataDir, port, password, fsync: false });
  const first = async () => {
    password = (await copyPreparedCluster(dataDir)) ?? randomBytes(12).toString('hex');
    return start(0);
  };
  let server: EmbeddedPostgres = await first().catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const { url, port } = server;
  const watchdog = watchOver(folder);
  let databases = 0;
  const create = async (name: string, from: 'empty' | 'migrated') => {
    const database = `${name}_${++databases}`;
    await makeDatabase(url, database, from);
    return url.replace(/\/verdict$/, `/${database}`);
  };
  let migrated: Promise<void> | undefined;
  const frozen = new Set<number>();
  const freeze = async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    await client.connect();
    // First the one that makes sessions, so that all there are can be counted.
    frozen.add(server.pid);
    signalIfAlive(server.pid, 'SIGSTOP');
    const { rows } = await client.query<{ pid: number; own: boolean }>(
      'SELECT pid, pid = pg_backend_pid() AS own FROM pg_stat_activity',
    );
    await client.end();
    for (const { pid } of rows.filter(({ own }) => !own)) {
      frozen.add(pid);
      signalIfAlive(pid, 'SIGSTOP');
    }
  };
  const thaw = () => {
    for (const pid of frozen) signalIfAlive(pid, 'SIGCONT');
    frozen.clear();
  };
  const kill9 = async () => {
    signalIfAlive(server.pid, 'SIGKILL');
    await server.exited;
  };
  return {
    url,
    kill9,
    freeze,
    thaw,
    createDatabase: (name) => create(name, 'empty'),
    migratedDatabase: async (name) => {
      migrated ??= makeMigrated(server);
      await migrated;
      return create(name, 'migrated');
    },
    restart: async () => {
      await server.stop();
      server = await start(port);
    },
    stop: async () => {
      thaw();
      await server.stop();
      watchdog.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
