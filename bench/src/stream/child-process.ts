import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const checkout = path.dirname(path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url)))));

/** A process of the platform that was started for a measurement. */
export interface StartedProcess {
  readonly name: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Port that it serves, when it has said so. */
  readonly listening: Promise<number>;
  /** SIGTERM; SIGKILL when it is still there after 15 s. */
  stop(): Promise<void>;
}

export interface ProcessToStart {
  readonly name: string;
  /** Of the checkout, such as `services/gateway/src/main.ts`. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFolder: string;
  /** Where its CPU profile goes; null = none is made. */
  readonly profileFolder: string | null;
}

const stopMs = 15_000;

/** Starts a process with the Node that runs us; it ends with us, because its channel closes then. */
export function startProcess(what: ProcessToStart): StartedProcess {
  const { name, logFolder, profileFolder } = what;
  mkdirSync(logFolder, { recursive: true });
  const logFile = path.join(logFolder, `${name}.log`);
  const log = openSync(logFile, 'a');
  const profile =
    profileFolder === null
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`];
  const child = spawn(process.execPath, [...profile, path.join(checkout, what.script)], {
    cwd: checkout,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, ...what.environment },
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const listening = new Promise<number>((resolve, reject) => {
    child.on('message', (message: { type?: unknown; port?: unknown }) => {
      if (message.type === 'listening' && typeof message.port === 'number') resolve(message.port);
    });
    void exited.then(() => reject(new Error(`${name} ended:\n${lastLines(logFile)}`)));
  });
  // Whoever needs the port waits for it; nobody else has to hear of the end.
  listening.catch(() => undefined);
  return {
    name,
    pid: child.pid ?? -1,
    child,
    listening,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').split('\n').slice(-12).join('\n');
}
