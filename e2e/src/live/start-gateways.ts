import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase, openStores, type Stores } from '@verdict/storage';
import { startTestDatabase } from '@verdict/storage/testing';
import { within } from '../platform/start-platform.ts';

const checkout = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));

export interface User {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** A process of ours that listens. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  /** Resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Several gateways on one database and one set of hubs. */
export interface Gateways {
  readonly all: readonly Listener[];
  readonly stores: Stores;
  /** Private key (JWK) that access tokens are signed with. */
  readonly signingKeyFile: string;
  /** One more gateway; its users are brought up to date as it starts. */
  add(users?: readonly User[]): Promise<Listener>;
  stop(): Promise<void>;
}

/** Starts `count` gateways. */
export async function startGateways(count: number, users: readonly User[]): Promise<Gateways> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-live-'));
  const database = await startTestDatabase();
  const key = randomBytes(24).toString('hex');
  const [keyFile, usersFile] = [path.join(folder, 'hubs.key'), path.join(folder, 'users.json')];
  const signingKeyFile = path.join(folder, 'signing.json');
  await writeFile(keyFile, key, { mode: 0o600 });
  const hubs = await start('packages/event-hubs-emulator/src/main.ts', {
    VERDICT_EMULATOR_HOST: '127.0.0.1',
    VERDICT_EMULATOR_PORT: '0',
    VERDICT_EMULATOR_DATA: path.join(folder, 'hubs'),
    VERDICT_EMULATOR_HUBS: 'data:2,feedback:1',
    VERDICT_EMULATOR_KEY_NAME: 'test',
    VERDICT_EMULATOR_KEY_FILE: keyFile,
  });
  const all: Listener[] = [];
  const add = async (known = users): Promise<Listener> => {
    await writeFile(usersFile, JSON.stringify(known), { mode: 0o600 });
    const gateway = await start('services/gateway/src/main.ts', {
      VERDICT_PORT: '0',
      VERDICT_LOG_LEVEL: 'info',
      VERDICT_DATABASE_URL: database.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: `Endpoint=sb://127.0.0.1:${hubs.port};SharedAccessKeyName=test;SharedAccessKey=${key};UseDevelopmentEmulator=true`,
      VERDICT_SIGNING_KEY_FILE: signingKeyFile,
      VERDICT_BOOTSTRAP_USERS_FILE: usersFile,
    });
    all.push(gateway);
    return gateway;
  };
  // One after the other: the first one makes the tables and the signing key.
  for (let index = 0; index < count; index++) await add();
  const connection = openDatabase({ url: database.url, applicationName: 'live-test', poolSize: 4 });
  return {
    all,
    stores: openStores(connection),
    signingKeyFile,
    add,
    async stop() {
      await Promise.all(all.map((gateway) => gateway.end('SIGTERM')));
      await hubs.end('SIGTERM');
      await connection.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function start(script: string, env: Record<string, string>): Promise<Listener> {
  const child = fork(path.join(checkout, script), { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let output = '';
  child.stderr?.on('data', (text: Buffer) => {
    output += text.toString('utf8');
  });
  const exited = once(child, 'exit');
  const listening = once(child, 'message').then(([message]) => (message as { port: number }).port);
  const failed = exited.then(([code]) => Promise.reject(new Error(`${script} ended (${code}):\n${output}`)));
  failed.catch(() => undefined);
  const port = await within(120_000, Promise.race([listening, failed]), () => `${script}:\n${output}`).catch(
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await within(20_000, exited, () => `${script} did not end:\n${output}`);
    },
  };
}
