import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './checkout.ts';
import { skipped } from './find-cluster.ts';
import { endOf, outputOf } from './program.ts';

const images = ['gateway', 'detector', 'retrainer', 'operator', 'embedded'];

export interface BenchOptions {
  /** Tag of images that are in the cluster; undefined = built and loaded now. */
  readonly images: string | undefined;
  readonly namespace: string;
  readonly keep: boolean;
  readonly minutes: number;
  readonly signal: AbortSignal;
}

/**
 * Starts a cluster, unless it is up, builds images and loads them, and runs the proof in the cluster's network. A
 * cluster that was down is down again afterwards. One that cannot be started is no failure of ours.
 */
export async function proveOnBench(command: string, options: BenchOptions): Promise<number> {
  const cluster = (...args: string[]) =>
    endOf(command, args, { timeoutMs: 900_000, aloud: true, signal: options.signal });
  const asked = await endOf(command, ['kubectl', 'get', '--raw=/readyz'], { timeoutMs: 15_000 });
  const wasUp = asked.code === 0;
  const down = () => endOf(command, ['down'], { timeoutMs: 120_000, aloud: true });
  if (!wasUp && !(await starts(cluster, down))) {
    console.error(skipped(`"${command} up" could not start a cluster on this machine.`));
    return 0;
  }
  try {
    if (options.images === undefined && (await cluster('base-image')).code !== 0) {
      console.error(skipped(`"${command} base-image" could not make what images are built upon.`));
      return 0;
    }
    const tag = options.images ?? (await buildImages(cluster, options.signal));
    return await proveThere(command, tag, options);
  } finally {
    if (!wasUp && !options.keep) await down();
  }
}

/** Tries once more after tidying up: what is left of a cluster that died is in the way of the next one. */
async function starts(cluster: Cluster, down: () => Promise<unknown>): Promise<boolean> {
  if ((await cluster('up')).code === 0) return true;
  await down();
  if ((await cluster('up')).code === 0) return true;
  await down();
  return false;
}

type Cluster = (...args: string[]) => ReturnType<typeof endOf>;

async function buildImages(cluster: Cluster, signal: AbortSignal): Promise<string> {
  const startedMs = performance.now();
  const tag = 'dev';
  await outputOf(process.execPath, ['scripts/run.mjs', 'images', '--builder', 'buildah', '--tag', tag], {
    cwd: root,
    timeoutMs: 1_200_000,
    signal,
    // Without an engine; whoever sets them knows better.
    env: {
      VERDICT_IMAGE_BUILDER_FLAGS: '--storage-driver vfs',
      VERDICT_IMAGE_BUILD_FLAGS: '--isolation chroot',
      ...process.env,
    },
  });
  console.log(`images built in ${secondsSince(startedMs)} s`);
  const loadMs = performance.now();
  const names = images.map((name) => `docker.io/verdict/${name}:${tag}`);
  if ((await cluster('load', ...names)).code !== 0) throw new Error('images could not be loaded');
  console.log(`images loaded in ${secondsSince(loadMs)} s`);
  return tag;
}

function secondsSince(startedMs: number): string {
  return ((performance.now() - startedMs) / 1000).toFixed(1);
}

async function proveThere(command: string, tag: string, options: BenchOptions): Promise<number> {
  const { namespace, keep, minutes, signal } = options;
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const words = ['--inside', '--images', tag, '--namespace', namespace, '--minutes', String(minutes)];
  const child = spawn(command, ['exec', process.execPath, main, ...words, ...(keep ? ['--keep'] : [])], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // It tidies up first, within its own bounds.
  const end = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
