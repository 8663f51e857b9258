import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, openStores, type Stores } from '@verdict/storage';
import { startTestDatabase } from '@verdict/storage/testing';
import { startHubs } from '../platform/start-hubs.ts';
import { type RunningPart, startPart } from '../platform/start-part.ts';

export interface User {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly string[];
}

/** Several gateways on one database and one set of hubs. */
export interface Gateways {
  readonly all: readonly RunningPart[];
  readonly stores: Stores;
  /** Private key (JWK) that access tokens are signed with. */
  readonly signingKeyFile: string;
  /** One more gateway; its users are brought up to date as it starts. */
  add(users?: readonly User[]): Promise<RunningPart>;
  stop(): Promise<void>;
}

/** Starts `count` gateways. */
export async function startGateways(count: number, users: readonly User[]): Promise<Gateways> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-live-'));
  const database = await startTestDatabase();
  const usersFile = path.join(folder, 'users.json');
  const signingKeyFile = path.join(folder, 'signing.json');
  const hubs = await startHubs(folder);
  const all: RunningPart[] = [];
  const add = async (known = users): Promise<RunningPart> => {
    await writeFile(usersFile, JSON.stringify(known), { mode: 0o600 });
    const gateway = await startPart('services/gateway/src/main.ts', {
      VERDICT_PORT: '0',
      VERDICT_LOG_LEVEL: 'info',
      VERDICT_DATABASE_URL: database.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
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
      await Promise.all(all.map((gateway) => gateway.stop()));
      await hubs.stop();
      await connection.close();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
