import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './start-platform.ts';

const checkout = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));

/** One of our processes. */
export interface RunningPart {
  readonly port: number;
  readonly process: ChildProcess;
  /** What it said on stderr so far. */
  output(): string;
  /** SIGTERM, and waits for the end. Fine if it has ended. */
  stop(): Promise<void>;
}

/** Starts one of our processes by its script and waits until it listens. */
export async function startPart(
  script: string,
  env: Readonly<Record<string, string>>,
  execArgv: readonly string[] = [],
): Promise<RunningPart> {
  const child: ChildProcess = fork(path.join(checkout, script), {
    env: { ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stderr?.on('data', (text: Buffer) => {
    output += text.toString('utf8');
  });
  child.stdout?.resume();
  const exited = once(child, 'exit');
  const listening = once(child, 'message').then(([message]) => (message as { port: number }).port);
  const failed = exited.then(([code]) =>
    Promise.reject(new Error(`${script} ended with ${code}:\n${output}`)),
  );
  failed.catch(() => undefined);
  const port = await within(90_000, Promise.race([listening, failed]), () => `${script}:\n${output}`).catch(
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  return {
    port,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await within(15_000, exited, () => `${script} did not stop:\n${output}`);
    },
  };
}
