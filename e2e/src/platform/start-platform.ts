import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '@verdict/storage/free-ports';
import { checkout } from './checkout.ts';
import { within } from './until.ts';

/** A whole Verdict that runs as its users run it: the standalone process with all its children. */
export interface RunningPlatform {
  readonly url: string;
  readonly dataFolder: string;
  readonly adminPassword: string;
  /** Process id of the newest run of a part, such as `gateway` or `detector-shop-0`; `postgres` for the database. */
  pidOf(part: string): Promise<number>;
  /** What it said to the terminal so far. */
  output(): string;
  /** Sends SIGTERM and resolves with the exit code; rejects when it takes longer than 15 s. */
  stop(): Promise<number | null>;
}

export interface PlatformSettings {
  readonly dataFolder: string;
  /** Folder with manifests; the samples by default. */
  readonly manifests?: string;
  /** Demonstration shop and host metrics; off by default. */
  readonly producers?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export const adminPassword = 'correct-horse-battery';

/** Starts a platform on a free port and waits until it says that it runs. Rejects with its output otherwise. */
export async function startPlatform(settings: PlatformSettings): Promise<RunningPlatform> {
  const [port = 0] = await freePorts(1);
  const producers = settings.producers ? 'on' : 'off';
  const child = spawn(process.execPath, [path.join(checkout, 'standalone/src/main.ts')], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      VERDICT_PORT: String(port),
      VERDICT_DATA: settings.dataFolder,
      VERDICT_ADMIN_PASSWORD: adminPassword,
      VERDICT_DEMO: producers,
      VERDICT_HOST_METRICS: producers,
      ...(settings.manifests ? { VERDICT_MANIFESTS: settings.manifests } : {}),
      ...settings.environment,
    },
  });
  let output = '';
  // Whoever ends before it stopped the platform leaves nothing running.
  const endWithUs = (): void => {
    child.kill('SIGTERM');
  };
  process.on('exit', endWithUs);
  const exited = new Promise<number | null>((resolve) =>
    child.on('exit', (code) => {
      process.off('exit', endWithUs);
      resolve(code);
    }),
  );
  const running = new Promise<void>((resolve, reject) => {
    const collect = (text: Buffer): void => {
      output += text.toString('utf8');
      if (output.includes('Verdict runs after')) resolve();
    };
    child.stderr.on('data', collect);
    child.stdout.on('data', collect);
    void exited.then((code) => reject(new Error(`the platform ended with ${code}:\n${output}`)));
  });
  await within(90_000, running, () => `the platform did not start:\n${output}`).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    url: `http://127.0.0.1:${port}`,
    dataFolder: settings.dataFolder,
    adminPassword,
    pidOf: (part) => pidOf(settings.dataFolder, part),
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      return within(15_000, exited, () => `the platform did not stop within 15 s:\n${output}`);
    },
  };
}

async function pidOf(dataFolder: string, part: string): Promise<number> {
  const log = await readFile(path.join(dataFolder, 'logs/standalone.log'), 'utf8');
  const pids = log.split('\n').flatMap((line) => {
    if (!line.includes('"part"')) return [];
    const entry = JSON.parse(line) as { part?: string; pid?: number; child?: number };
    return entry.part === part && entry.child ? [entry.child] : [];
  });
  const newest = pids.at(-1);
  if (newest === undefined) throw new Error(`${part} was never started`);
  return newest;
}
