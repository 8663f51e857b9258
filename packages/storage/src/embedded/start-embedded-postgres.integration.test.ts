import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import pg from 'pg';
import { signalIfAlive } from './left-over-postmaster.ts';
import { hydratePostgresBinaries } from './postgres-binaries.ts';
import { parsePasswd } from './postgres-user.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './start-embedded-postgres.ts';

const folders: string[] = [];
const isRoot = process.getuid?.() === 0;
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function newFolder(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-embedded-'));
  await chmod(folder, mode);
  folders.push(folder);
  return folder;
}

const start = (dataDir: string, port = 0): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir, port, password: 'secret', fsync: false });

async function run(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A process of its own that starts PostgreSQL and says its URL. */
async function startElsewhere(
  dataDir: string,
  user: { uid: number; gid: number } | null,
): Promise<{ child: ChildProcess; url: string; pid: number }> {
  const module = new URL('./start-embedded-postgres.ts', import.meta.url).href;
  const code = `import { startEmbeddedPostgres } from '${module}';
    const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, port: 0, password: 'secret' })});
    console.log(JSON.stringify({ url: server.url, pid: server.pid }));
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
    ...user,
  });
  for await (const line of createInterface({ input: child.stdout })) return { child, ...JSON.parse(line) };
  throw new Error('it ended without a word');
}

test('data outlives a clean stop, and only who knows the password gets in', async () => {
  const dataDir = join(await newFolder(), 'made', 'here');
  const first = await start(dataDir);
  await run(first.url, 'CREATE TABLE kept (n integer)');
  await assert.rejects(
    run(first.url.replace('secret', 'guess'), 'SELECT 1'),
    /password authentication failed/,
  );
  const [settings] = await run(
    first.url,
    `SELECT current_setting('listen_addresses') AS host, current_setting('server_encoding') AS encoding,
            current_setting('unix_socket_directories') AS sockets`,
  );
  assert.deepEqual(settings, { host: '127.0.0.1', encoding: 'UTF8', sockets: '' });
  await first.stop();
  assert.equal(await first.exited, 0);
  const second = await start(dataDir);
  assert.deepEqual(await run(second.url, 'SELECT * FROM kept'), []);
  await second.stop();
});

test('a killed server is started again, even while its sessions are still dying', async () => {
  const dataDir = join(await newFolder(), 'data');
  const first = await start(dataDir);
  const busy = new pg.Client({ connectionString: first.url });
  busy.on('error', () => undefined);
  await busy.connect();
  const broken = busy.query('SELECT count(*) FROM generate_series(1, 3000000)').catch(() => undefined);
  signalIfAlive(first.pid, 'SIGKILL');
  assert.equal(await first.exited, 'SIGKILL');
  const second = await start(dataDir);
  assert.deepEqual(await run(second.url, 'SELECT 1 AS one'), [{ one: 1 }]);
  await second.stop();
  await broken;
  await busy.end().catch(() => undefined);
});

test('a data folder in use is refused; when its starter was killed, the next one takes over', async () => {
  const dataDir = join(await newFolder(), 'data');
  const { child, pid, url } = await startElsewhere(dataDir, null);
  await run(url, 'CREATE TABLE kept (n integer)');
  await assert.rejects(start(dataDir), /is in use: another server/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await start(dataDir);
  assert.notEqual(next.pid, pid);
  assert.deepEqual(await run(next.url, 'SELECT * FROM kept'), []);
  await next.stop();
});

test('a lock file that names a process of another program is no hindrance', async () => {
  const dataDir = join(await newFolder(), 'data');
  const first = await start(dataDir);
  await first.stop();
  await writeFile(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n`, { mode: 0o600 });
  const second = await start(dataDir);
  await second.stop();
});

test('what cannot work is said in one sentence', async () => {
  const folder = await newFolder();
  const dataDir = join(folder, 'data');
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await assert.rejects(start(dataDir, port), {
    message: `PostgreSQL cannot start: port ${port} on 127.0.0.1 is in use`,
  });
  listener.close();
  await writeFile(join(dataDir, 'PG_VERSION'), '15\n');
  await assert.rejects(start(dataDir), /was made by PostgreSQL 15, but this is PostgreSQL 18/);
  await mkdir(join(folder, 'other'));
  await writeFile(join(folder, 'other', 'letter'), 'dear all');
  await assert.rejects(start(join(folder, 'other')), /holds something else/);
});

test('binaries may be made ready by many at once', async () => {
  const found = await Promise.all([1, 2, 3, 4].map(() => hydratePostgresBinaries()));
  assert.equal(new Set(found.map((binaries) => binaries.postgres)).size, 1);
  assert.match(found[0]?.version ?? '', /^18\./);
});

test('under root, a folder that others may not enter holds a link to the data', {
  skip: !isRoot,
}, async () => {
  const wished = join(await newFolder(0o700), 'data');
  const first = await start(wished);
  await run(first.url, 'CREATE TABLE kept (n integer)');
  await first.stop();
  assert.ok((await lstat(wished)).isSymbolicLink());
  const real = await readlink(wished);
  folders.push(real);
  assert.equal((await lstat(real)).mode & 0o777, 0o700);
  const second = await start(wished);
  assert.deepEqual(await run(second.url, 'SELECT * FROM kept'), []);
  await second.stop();
});

test('an ordinary user runs it as itself', { skip: !isRoot }, async () => {
  const nobody = parsePasswd(await readFile('/etc/passwd', 'utf8')).get('nobody');
  assert.ok(nobody);
  const folder = await newFolder(0o700);
  await chown(folder, nobody.uid, nobody.gid);
  const { child, url, pid } = await startElsewhere(join(folder, 'data'), nobody);
  assert.deepEqual(await run(url, 'SELECT 1 AS one'), [{ one: 1 }]);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  assert.match(status, new RegExp(`^Uid:\\s+${nobody.uid}\\b`, 'm'));
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});
