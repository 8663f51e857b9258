import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@verdict/storage/free-ports';

const named = process.env.VERDICT_ALERTMANAGER;
const binary = (named === undefined ? ['alertmanager', 'prometheus-alertmanager'] : [named]).find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
);

/** For `test(title, { skip: alertmanagerMissing }, …)`: false, or why none can be started. */
export const alertmanagerMissing: string | false =
  binary === undefined &&
  'no Alertmanager: put it on the PATH (Debian’s package prometheus-alertmanager), or name it in VERDICT_ALERTMANAGER';

if (alertmanagerMissing !== false)
  console.error(`
************************************************************************************************
* Skipped: alerts in a real Alertmanager. It needs the program alertmanager on the PATH (Debian’s
* package prometheus-alertmanager, or any release), or its place in VERDICT_ALERTMANAGER.
************************************************************************************************`);

/** An alert as an Alertmanager shows it. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

/** A real Alertmanager on 127.0.0.1. */
export interface Alertmanager {
  readonly url: string;
  /** Alerts that fire now. */
  firing(): Promise<ShownAlert[]>;
  stop(): Promise<void>;
}

/** Starts one that sends what it gets to `receiverUrl`, at once. */
export async function startAlertmanager(receiverUrl: string): Promise<Alertmanager> {
  if (binary === undefined) throw new Error('there is no Alertmanager');
  const folder = await mkdtemp(join(tmpdir(), 'verdict-alertmanager-'));
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'alertmanager.yml');
  const timing = { group_wait: '10ms', group_interval: '100ms', repeat_interval: '1h' };
  const route = { receiver: 'ops', group_by: ['...'], ...timing };
  const receivers = [{ name: 'ops', webhook_configs: [{ url: receiverUrl, send_resolved: true }] }];
  // It reads YAML, of which JSON is a part.
  await writeFile(config, JSON.stringify({ route, receivers }));
  const child = spawn(
    binary,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString('utf8');
  });
  const exited = once(child, 'exit');
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.on('exit', endWithUs);
  const url = `http://127.0.0.1:${port}`;
  const isReady = async (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let tries = 0; !(await isReady()); tries++) {
    if (tries > 600 || child.exitCode !== null) throw new Error(`the Alertmanager did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    firing: async () => (await (await fetch(`${url}/api/v2/alerts`)).json()) as ShownAlert[],
    async stop() {
      child.kill('SIGKILL');
      await exited;
      process.off('exit', endWithUs);
      await rm(folder, { recursive: true });
    },
  };
}
