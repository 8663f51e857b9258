import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from '../platform/start-platform.ts';

const checkout = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));

/** One of our processes while it runs. */
export interface StartedProcess {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it said so far. */
  output(): string;
  /** SIGTERM; resolves with the exit code, and rejects when that takes longer than 15 s. */
  stop(): Promise<number | null>;
}

/** Starts a script of the checkout with this environment and nothing else, and waits until it listens. */
export async function startProcess(script: string, env: Record<string, string>): Promise<StartedProcess> {
  const child = fork(path.join(checkout, script), { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  const collect = (text: Buffer): void => {
    output += text.toString('utf8');
  };
  child.stderr?.on('data', collect);
  child.stdout?.on('data', collect);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const failed = exited.then((code) => Promise.reject(new Error(`${script} ended with ${code}:\n${output}`)));
  failed.catch(() => undefined);
  const listening = once(child, 'message').then(([message]) => (message as { port: number }).port);
  const port = await within(90_000, Promise.race([listening, failed]), () => `${script}:\n${output}`).catch(
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    process: child,
    output: () => output,
    stop() {
      child.kill('SIGTERM');
      return within(15_000, exited, () => `${script} did not stop:\n${output}`);
    },
  };
}
