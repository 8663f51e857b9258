import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { checkout } from './checkout.ts';
import { within } from './until.ts';

const startMs = 120_000;
const stopMs = 20_000;

/** One of our processes. */
export interface RunningPart {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** What it said so far. */
  output(): string;
  /** SIGTERM, unless another signal is given; resolves with the exit code when it is gone. Fine if it has ended. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/**
 * Starts one of our processes by its script, with this environment and nothing else, and waits until it listens.
 * Rejects with what it said when that comes to nothing. It ends with us, because its channel closes then.
 * `args` are the script's, `execArgv` Node's own, such as what is loaded first.
 */
export async function startPart(
  script: string,
  env: Readonly<Record<string, string>>,
  { args = [], execArgv = [] }: { args?: readonly string[]; execArgv?: readonly string[] } = {},
): Promise<RunningPart> {
  const child: ChildProcess = fork(path.join(checkout, script), args, {
    env: { ...env },
    execArgv: [...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const collect = (text: Buffer): void => {
    output += text.toString('utf8');
  };
  child.stderr?.on('data', collect);
  child.stdout?.on('data', collect);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const listening = once(child, 'message').then(([message]) => (message as { port: number }).port);
  const failed = exited.then((code) => Promise.reject(new Error(`${script} ended with ${code}:\n${output}`)));
  failed.catch(() => undefined);
  const started = Promise.race([listening, failed]);
  const port = await within(startMs, started, () => `${script} did not start:\n${output}`).catch(
    (error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    },
  );
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return within(stopMs, exited, () => `${script} did not stop:\n${output}`);
    },
  };
}
