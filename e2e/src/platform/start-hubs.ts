import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hubsConnectionString } from './hubs-connection-string.ts';
import { type RunningPart, startPart } from './start-part.ts';

/** Event hubs in a process of their own. */
export interface RunningHubs extends RunningPart {
  /** Of the namespace, with a key that may do everything. */
  readonly connectionString: string;
}

/** Starts the hubs `data` and `feedback` on a free port; what they hold, and their key, lies in `folder`. */
export async function startHubs(
  folder: string,
  settings: {
    /** Of the hub `data`; 2 by default. The hub `feedback` has one. */
    readonly partitions?: number;
    /** Beside `$Default`. */
    readonly consumerGroups?: readonly string[];
  } = {},
): Promise<RunningHubs> {
  const { partitions = 2, consumerGroups = [] } = settings;
  const [keyName, key] = ['test', randomBytes(24).toString('hex')];
  const keyFile = path.join(folder, 'hubs.key');
  await writeFile(keyFile, key, { mode: 0o600 });
  const hubs = await startPart('packages/event-hubs-emulator/src/main.ts', {
    VERDICT_EMULATOR_PORT: '0',
    VERDICT_EMULATOR_DATA: path.join(folder, 'hubs'),
    VERDICT_EMULATOR_HUBS: `data:${partitions},feedback:1`,
    VERDICT_EMULATOR_CONSUMER_GROUPS: consumerGroups.join(','),
    VERDICT_EMULATOR_KEY_NAME: keyName,
    VERDICT_EMULATOR_KEY_FILE: keyFile,
  });
  return {
    ...hubs,
    connectionString: hubsConnectionString(hubs.port, { name: keyName, value: key }),
  };
}
