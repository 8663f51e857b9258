import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { requestToken } from '@verdict/platform-client';
import { openDatabase, openStores, type Stores } from '@verdict/storage';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@verdict/storage/embedded';
import { freePorts } from '@verdict/storage/free-ports';
import { type StartedProcess, startProcess } from '../stream/child-process.ts';
import { startHubs } from '../stream/start-hubs.ts';

/** Database with fsync, event hubs, gateways and processes for clients, in a folder that goes with them. */
export interface LivePlatform {
  readonly stores: Stores;
  readonly gateways: readonly StartedProcess[];
  readonly urls: readonly string[];
  readonly groups: readonly StartedProcess[];
  readonly postgres: EmbeddedPostgres;
  /** A token that may listen and announce. */
  readonly token: string;
  stop(): Promise<void>;
}

const user = 'bench';

/** Starts everything; leaves nothing behind when that fails. */
export async function startLivePlatform(options: {
  gateways: number;
  processes: number;
  profile: string | null;
}): Promise<LivePlatform> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-bench-live-'));
  // Root hands PostgreSQL to another user, who must be able to pass through.
  await chmod(folder, 0o711);
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const common = { logFolder: path.join(folder, 'logs'), profileFolder: options.profile };
  const run = (name: string, script: string, environment: Record<string, string>): StartedProcess => {
    const started = startProcess({ ...common, name, script, environment });
    undo.push(() => started.stop());
    return started;
  };
  try {
    const [databasePort = 0] = await freePorts(1);
    const postgres = await startEmbeddedPostgres({
      dataDir: path.join(folder, 'postgres'),
      port: databasePort,
      password: randomBytes(18).toString('base64url'),
    });
    undo.push(() => postgres.stop());
    const password = randomBytes(18).toString('base64url');
    const usersFile = path.join(folder, 'users.json');
    const users = [{ username: user, password, roles: ['viewer', 'service'] }];
    await writeFile(usersFile, JSON.stringify(users), { mode: 0o600 });
    const hubs = await startHubs(folder, { ...common, partitions: 2 });
    undo.push(() => hubs.process.stop());
    const gateways: StartedProcess[] = [];
    for (let index = 0; index < options.gateways; index++) {
      const gateway = run(`gateway-${index}`, 'services/gateway/src/main.ts', {
        VERDICT_LOG_LEVEL: 'warn',
        VERDICT_HOST: '127.0.0.1',
        VERDICT_PORT: '0',
        VERDICT_DATABASE_URL: postgres.url,
        VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
        VERDICT_SIGNING_KEY_FILE: path.join(folder, 'signing-key.json'),
        VERDICT_BOOTSTRAP_USERS_FILE: usersFile,
      });
      // One after the other: the first one makes the tables and the signing key.
      await gateway.listening;
      gateways.push(gateway);
    }
    const urls = await Promise.all(
      gateways.map(async ({ listening }) => `http://127.0.0.1:${await listening}`),
    );
    const groups = Array.from({ length: options.processes }, (_, index) =>
      run(`clients-${index}`, 'bench/src/live-client/main.ts', {}),
    );
    const database = openDatabase({ url: postgres.url, applicationName: 'bench', poolSize: 2 });
    undo.push(() => database.close());
    const token = await requestToken({ url: urls[0] ?? '' }, { username: user, password });
    return {
      stores: openStores(database),
      gateways,
      urls,
      groups,
      postgres,
      token: token.access_token,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
