import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '@verdict/storage/free-ports';
import { within } from '../platform/until.ts';
import { prometheusBinary } from './find-prometheus.ts';

/** A Prometheus that scrapes one target and writes to Verdict. */
export interface RunningPrometheus {
  /** Its own metrics. */
  metrics(): Promise<string>;
  /** What it said so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts it with its files in `folder`, which must exist; it is up when it answers. */
export async function startPrometheus(settings: {
  readonly folder: string;
  /** Host and port that are scraped, and the labels of the target. */
  readonly target: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly verdictUrl: string;
  readonly token: string;
}): Promise<RunningPrometheus> {
  const { folder, target, labels, verdictUrl, token } = settings;
  const [port = 0] = await freePorts(1);
  const [config, tokenFile] = [path.join(folder, 'prometheus.yml'), path.join(folder, 'token')];
  await mkdir(path.join(folder, 'tsdb'));
  await writeFile(tokenFile, token, { mode: 0o600 });
  // Prometheus reads YAML, of which JSON is a part.
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [target], labels }] }],
      remote_write: [
        {
          url: `${verdictUrl}/api/v1/write`,
          authorization: { credentials_file: tokenFile },
          queue_config: { max_shards: 1, batch_send_deadline: '500ms', retry_on_http_429: true },
        },
      ],
    }),
  );
  const child = spawn(
    prometheusBinary,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString('utf8');
  });
  const exited = once(child, 'exit');
  const endWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.on('exit', endWithUs);
  return {
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    output: () => output,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await within(30_000, exited, () => `Prometheus did not stop:\n${output}`).catch((error: unknown) => {
        child.kill('SIGKILL');
        throw error;
      });
      process.off('exit', endWithUs);
    },
  };
}
