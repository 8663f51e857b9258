import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startTestDatabase } from '@verdict/storage/testing';
import { checkout } from './checkout.ts';
import { startHubs } from './start-hubs.ts';
import { startPart } from './start-part.ts';

/** A gateway with the built dashboard on a database and hubs of its own; nothing else runs. */
export interface RunningGateway {
  readonly url: string;
  /** The gateway itself. */
  readonly process: ChildProcess;
  /** What the gateway said so far. */
  output(): string;
  /** Runs SQL; for what would take too long to wait for. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Starts them on free ports; leaves nothing behind when that fails. */
export async function startGateway(settings: {
  users: readonly { username: string; password: string; roles: readonly string[] }[];
  environment?: Readonly<Record<string, string>>;
  /** For Node itself, such as what is loaded first. */
  execArgv?: readonly string[];
}): Promise<RunningGateway> {
  const folder = await mkdtemp(path.join(tmpdir(), 'verdict-e2e-gateway-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const database = await startTestDatabase();
    undo.push(() => database.stop());
    const usersFile = path.join(folder, 'users.json');
    await writeFile(usersFile, JSON.stringify(settings.users), { mode: 0o600 });
    const hubs = await startHubs(folder);
    undo.push(() => hubs.stop());
    const gateway = await startPart(
      'services/gateway/src/main.ts',
      {
        VERDICT_PORT: '0',
        VERDICT_DATABASE_URL: database.url,
        VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
        VERDICT_SIGNING_KEY_FILE: path.join(folder, 'signing.json'),
        VERDICT_BOOTSTRAP_USERS_FILE: usersFile,
        VERDICT_DASHBOARD_DIR: path.join(checkout, 'dashboard/dist'),
        ...settings.environment,
      },
      { execArgv: settings.execArgv },
    );
    undo.push(() => gateway.stop());
    const { url, process, output } = gateway;
    return { url, process, databaseUrl: database.url, output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
