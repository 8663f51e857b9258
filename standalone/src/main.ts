import path from 'node:path';
import { createLogger, readConfig, runProcess, StartError } from '@verdict/process';
import { StandaloneConfig } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { assertPortFree, freePort } from './free-port.ts';
import { help } from './help.ts';
import { readResources } from './parts/resources.ts';
import { startPlatform } from './platform.ts';
import { loadSecrets } from './secrets.ts';

const say = (text: string): boolean => process.stderr.write(`${text}\n`);

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(help);
  process.exit(0);
}

const config = readConfig(StandaloneConfig, process.env);

runProcess('standalone', async ({ clock, signal }) => {
  const startedMs = clock.monotonicMs();
  try {
    const resources = await readResources(config.VERDICT_MANIFESTS);
    await assertPortFree(config.VERDICT_HOST, config.VERDICT_PORT);
    const data = await openDataFolder(config.VERDICT_DATA);
    const secrets = await loadSecrets(await data.folder('secrets'), config.VERDICT_ADMIN_PASSWORD);
    const folders = {
      // Made by PostgreSQL's own set-up, since it may belong to another user.
      postgres: path.join(data.root, 'postgres'),
      hubs: await data.folder('hubs'),
      blobs: await data.folder('blobs'),
      logs: await data.folder('logs'),
    };
    const ports = { postgres: await freePort(), hubs: await freePort() };
    const logger = createLogger({ name: 'standalone', file: path.join(folders.logs, 'standalone.log') });
    const settings = { config, secrets, folders, ports };
    const platform = await startPlatform({ settings, resources, clock, logger, progress: say, signal }).catch(
      async (error: unknown) => {
        await data.release();
        throw error;
      },
    );
    say(`Verdict runs after ${((clock.monotonicMs() - startedMs) / 1000).toFixed(1)} s. Ctrl-C stops it.`);
    say(`  dashboard  ${platform.url}`);
    say(`  API        ${platform.url}/docs`);
    say(
      `  user       admin${secrets.admin.made ? `, password ${secrets.admin.password} (shown this once)` : ''}`,
    );
    say(`  data       ${config.VERDICT_DATA} (logs in logs/)`);
    return async () => {
      say('Stopping …');
      await platform.stop();
      await data.release();
      say('Stopped.');
    };
  } catch (error) {
    if (!(error instanceof StartError) || signal.aborted) throw error;
    say(error.message);
    process.exit(1);
  }
});
