import path from 'node:path';
import { type Clock, createLogger } from '@verdict/process';
import { freePorts } from '@verdict/storage/free-ports';
import { assertPortFree } from './assert-port-free.ts';
import type { StandaloneConfig } from './config.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { watchDisk } from './disk-watch.ts';
import { readResources } from './parts/resources.ts';
import type { Settings } from './parts/settings.ts';
import { readPeople } from './people.ts';
import { startPlatform } from './platform.ts';
import { loadSecrets } from './secrets.ts';

/** What a start needs beside its configuration. */
interface Surroundings {
  readonly clock: Clock;
  /** Aborted when the start is to be given up. */
  readonly signal: AbortSignal;
  /** Tells people. */
  readonly say: (text: string) => void;
}

/** Starts all of Verdict on its data folder; resolves with what stops it. Throws `StartError` for what people can mend. */
export async function startStandalone(
  config: StandaloneConfig,
  { clock, signal, say }: Surroundings,
): Promise<() => Promise<void>> {
  const startedMs = clock.monotonicMs();
  signal.addEventListener('abort', () => say('Stopping …'));
  const resources = await readResources(config.VERDICT_MANIFESTS);
  // Before the port is looked at: of a second start on the same folder both would be wrong, and this says why.
  const data = await openDataFolder(config.VERDICT_DATA);
  try {
    await assertPortFree(config.VERDICT_HOST, config.VERDICT_PORT);
    const settings = await settle(config, data);
    const { folders, secrets } = settings;
    const logger = createLogger({ name: 'standalone', file: path.join(folders.logs, 'standalone.log') });
    const platform = await startPlatform({ settings, resources, clock, logger, progress: say, signal });
    const { admin } = secrets;
    say(`Verdict runs after ${((clock.monotonicMs() - startedMs) / 1000).toFixed(1)} s. Ctrl-C stops it.`);
    say(`  dashboard  ${platform.url}`);
    say(`  API        ${platform.url}/docs`);
    say(`  user       admin${admin.known ? '' : `, password ${admin.password} (shown this once)`}`);
    await secrets.adminShown();
    say(`  data       ${config.VERDICT_DATA} (logs in logs/)`);
    void watchDisk({ folder: data.root, clock, signal, say });
    return async () => {
      await platform.stop();
      await data.release();
      say('Stopped.');
    };
  } catch (error) {
    await data.release();
    throw error;
  }
}

/** Makes the folders and secrets and chooses the ports of this start. */
async function settle(config: StandaloneConfig, data: DataFolder): Promise<Settings> {
  const people = config.VERDICT_USERS_FILE === undefined ? [] : await readPeople(config.VERDICT_USERS_FILE);
  const secrets = await loadSecrets(await data.folder('secrets'), config.VERDICT_ADMIN_PASSWORD, people);
  const folders = {
    // Made by PostgreSQL's own set-up, since it may belong to another user.
    postgres: path.join(data.root, 'postgres'),
    hubs: await data.folder('hubs'),
    blobs: await data.folder('blobs'),
    logs: await data.folder('logs'),
  };
  const [postgres, hubs] = await freePorts(2);
  if (postgres === undefined || hubs === undefined) throw new Error('two ports were asked for');
  return { config, secrets, folders, ports: { postgres, hubs } };
}
