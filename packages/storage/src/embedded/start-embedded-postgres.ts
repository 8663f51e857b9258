import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePorts } from './free-ports.ts';
import { clearLeftOverPostmaster, signalIfAlive } from './left-over-postmaster.ts';
import { hydratePostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresUser } from './postgres-user.ts';
import { prepareCluster } from './prepare-cluster.ts';
import { exitOf, ProgramFailed, spawnProgram } from './run-program.ts';

/** How to run a PostgreSQL of one's own. */
export interface EmbeddedPostgresOptions {
  /** Made when it is missing. */
  readonly dataDir: string;
  /** On 127.0.0.1; 0 = any free one. */
  readonly port: number;
  /** Of the superuser `verdict`; fixed when the data folder is made. */
  readonly password: string;
  /** False gives up safety at a crash of the machine for speed: tests only. */
  readonly fsync?: boolean;
  readonly onLog?: (line: string) => void;
}

/** A running PostgreSQL with the database `verdict`. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends sessions and stops cleanly; after 8 s without a checkpoint (it recovers at the next start). */
  stop(): Promise<void>;
  /** Resolves with the exit code (or signal) when the server has ended, for whatever reason. */
  readonly exited: Promise<number | string>;
}

const user = 'verdict';

/**
 * Starts PostgreSQL 18 from the npm package, on 127.0.0.1 only, with a password (SCRAM). The package's own
 * wrapper is not used: it hooks into the exit of the process, hides the server's log and kills without waiting.
 * Throws an error with one clear sentence: port in use, disk full, data folder of another version or in use.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = await prepareCluster(options, user, await hydratePostgresBinaries());
  await clearLeftOverPostmaster(cluster.dataDir);
  let attempt = 0;
  for (;;) {
    const [port = 0] = options.port === 0 ? await freePorts(1) : [options.port];
    try {
      return await launch({ ...cluster, options, port });
    } catch (error) {
      // Sessions of a killed server live on for a moment; another process may have taken the free port.
      if (!(error instanceof ProgramFailed) || !mayPass(error, options.port === 0) || ++attempt > 40)
        throw explain(error, port);
      await sleep(250);
    }
  }
}

function mayPass(error: ProgramFailed, anyPort: boolean): boolean {
  return error.lines.some(
    (line) =>
      /pre-existing shared memory block|is still in use|lock file ".*" already exists/.test(line) ||
      (anyPort && line.includes('Address already in use')),
  );
}

function explain(error: unknown, port: number): unknown {
  if (error instanceof ProgramFailed && error.lines.some((line) => line.includes('Address already in use')))
    return new Error(`PostgreSQL cannot start: port ${port} on 127.0.0.1 is in use`);
  // SQLSTATE disk_full, from a server that came up but cannot write.
  if ((error as { code?: unknown }).code === '53100')
    return new Error('PostgreSQL cannot start: the disk is full', { cause: error });
  return error;
}

interface Launch {
  readonly binaries: PostgresBinaries;
  readonly runAs: PostgresUser | null;
  readonly dataDir: string;
  readonly port: number;
  readonly options: EmbeddedPostgresOptions;
}

async function launch({ binaries, runAs, dataDir, port, options }: Launch): Promise<EmbeddedPostgres> {
  const lines: string[] = [];
  let onReady: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const onLine = (line: string) => {
    if (lines.push(line) > 200) lines.shift();
    if (line.includes('database system is ready to accept connections')) onReady();
    options.onLog?.(line);
  };
  const child = spawnProgram(binaries.postgres, ['-D', dataDir, ...settings(port, options.fsync ?? true)], {
    user: runAs,
    onLine,
  });
  const exited = exitOf(child);
  const failed = exited.then((code) => {
    throw new ProgramFailed(`PostgreSQL ended while it started (${code})`, lines);
  });
  const timer = setTimeout(() => child.kill('SIGQUIT'), 120_000);
  try {
    await Promise.race([ready, failed]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined); // later exits are told by `exited`
  }
  const url = (database: string) =>
    `postgres://${user}:${encodeURIComponent(options.password)}@127.0.0.1:${port}/${database}`;
  const stop = () => stopServer(child, exited);
  try {
    await ensureDatabase(url('postgres'), 'verdict');
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: url('verdict'), port, pid: child.pid ?? -1, stop, exited };
}

function settings(port: number, fsync: boolean): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: fsync ? '128MB' : '32MB',
    max_wal_size: '512MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function stopServer(child: ChildProcess, exited: Promise<number | string>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    if (child.pid !== undefined) signalIfAlive(child.pid, signal);
    const cancel = new AbortController();
    const late = sleep(signal === 'SIGINT' ? 8_000 : 3_000, 'late', { signal: cancel.signal }).catch(
      () => 'late',
    );
    const outcome = await Promise.race([exited, late]);
    cancel.abort();
    if (outcome !== 'late') return;
  }
  await exited;
}

async function ensureDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
