import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTestDatabase } from '@verdict/storage/testing';
import { startPart } from './start-part.ts';

const checkout = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));

/** A gateway with the built dashboard on a database and hubs of its own; nothing else runs. */
export interface RunningGateway {
  readonly url: string;
  /** The gateway itself. */
  readonly process: ChildProcess;
  /** What the gateway said on stderr so far. */
  output(): string;
  /** Runs SQL; for what would take too long to wait for. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Starts them on free ports. */
export async function startGateway(settings: {
  users: readonly { username: string; password: string; roles: readonly string[] }[];
  environment?: Readonly<Record<string, string>>;
  /** For Node itself, such as what is loaded first. */
  execArgv?: readonly string[];
}): Promise<RunningGateway> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-gateway-'));
  const database = await startTestDatabase();
  const key = randomBytes(24).toString('hex');
  const [keyFile, usersFile] = [path.join(folder, 'hubs.key'), path.join(folder, 'users.json')];
  await writeFile(keyFile, key, { mode: 0o600 });
  await writeFile(usersFile, JSON.stringify(settings.users), { mode: 0o600 });
  const hubs = await startPart('packages/event-hubs-emulator/src/main.ts', {
    VERDICT_EMULATOR_HOST: '127.0.0.1',
    VERDICT_EMULATOR_PORT: '0',
    VERDICT_EMULATOR_DATA: path.join(folder, 'hubs'),
    VERDICT_EMULATOR_HUBS: 'data:2,feedback:1',
    VERDICT_EMULATOR_KEY_NAME: 'test',
    VERDICT_EMULATOR_KEY_FILE: keyFile,
  });
  const gateway = await startPart(
    'services/gateway/src/main.ts',
    {
      VERDICT_PORT: '0',
      VERDICT_DATABASE_URL: database.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: `Endpoint=sb://127.0.0.1:${hubs.port};SharedAccessKeyName=test;SharedAccessKey=${key};UseDevelopmentEmulator=true`,
      VERDICT_SIGNING_KEY_FILE: path.join(folder, 'signing.json'),
      VERDICT_BOOTSTRAP_USERS_FILE: usersFile,
      VERDICT_DASHBOARD_DIR: path.join(checkout, 'dashboard/dist'),
      ...settings.environment,
    },
    settings.execArgv,
  );
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    process: gateway.process,
    databaseUrl: database.url,
    output: gateway.output,
    async stop() {
      await gateway.stop();
      await hubs.stop();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
