import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ProcessToStart, type StartedProcess, startProcess } from './child-process.ts';

/** Event hubs in a process of their own. */
export interface StartedHubs {
  readonly process: StartedProcess;
  /** Of the namespace, with a key that may do everything. */
  readonly connectionString: string;
}

const keyName = 'bench';

/**
 * Starts the hubs `data` and `feedback` on a free port and waits until they listen; what they hold, and their key,
 * lies in `folder`. Nothing is left running when that fails.
 */
export async function startHubs(
  folder: string,
  settings: Pick<ProcessToStart, 'logFolder' | 'profileFolder'> & {
    /** Of the hub `data`. The hub `feedback` has one. */
    readonly partitions: number;
    /** Beside `$Default`. */
    readonly consumerGroups?: readonly string[];
  },
): Promise<StartedHubs> {
  const { partitions, consumerGroups = [], logFolder, profileFolder } = settings;
  const key = randomBytes(32).toString('base64');
  const keyFile = path.join(folder, 'hubs-key');
  await writeFile(keyFile, key, { mode: 0o600 });
  const process = startProcess({
    name: 'hub',
    script: 'packages/event-hubs-emulator/src/main.ts',
    logFolder,
    profileFolder,
    environment: {
      VERDICT_LOG_LEVEL: 'warn',
      VERDICT_EMULATOR_PORT: '0',
      VERDICT_EMULATOR_DATA: path.join(folder, 'hubs'),
      VERDICT_EMULATOR_HUBS: `data:${partitions},feedback:1`,
      VERDICT_EMULATOR_CONSUMER_GROUPS: consumerGroups.join(','),
      VERDICT_EMULATOR_KEY_NAME: keyName,
      VERDICT_EMULATOR_KEY_FILE: keyFile,
    },
  });
  try {
    const port = await process.listening;
    return {
      process,
      connectionString: `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=${keyName};SharedAccessKey=${key};UseDevelopmentEmulator=true;`,
    };
  } catch (error) {
    await process.stop();
    throw error;
  }
}
