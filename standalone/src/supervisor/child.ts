import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { lastWords } from './last-words.ts';
import { openLog } from './log-file.ts';

/** How to start one part as a child process. */
export interface ChildSpec {
  /** Shown to people and used for the log file: `detector-shop-0`. */
  readonly name: string;
  /** TypeScript file that Node runs. */
  readonly script: string;
  readonly args?: readonly string[];
  /** Added to the few variables that every child gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Further variables that it gets as we have them, by how their names begin: `AZURE_`. */
  readonly inherits?: readonly string[];
}

/** A child that runs or ran. */
export interface Child {
  /** -1 when the process could not even be made. */
  readonly pid: number;
  /** Resolves with the port once the child says that it serves; rejects when it ends before. */
  readonly listening: Promise<number>;
  /** Resolves when the process is gone: its exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL when it is still there after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** The last lines that it wrote, for a message to people. */
  lastWords(): string;
}

/** Variables that a child needs to run (the last one: quickly); everything else is given on purpose. */
const inherited = [
  ...['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'TZ', 'LANG', 'SystemRoot', 'XDG_CONFIG_HOME'],
  'NODE_COMPILE_CACHE',
];

/**
 * Starts a child in its own process group, so that Ctrl-C in the terminal reaches only us and the parts stop in
 * order. Its IPC channel closes when we die, however we die, and the child then stops by itself. Without a log file
 * it writes where we write, as in a container.
 */
export function startChild(spec: ChildSpec, logFile: string | null): Child {
  const log = logFile === null ? null : openLog(logFile);
  const startsAt = log === null ? 0 : fstatSync(log.descriptor).size;
  // What OpenTelemetry is told is the same for all: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables
  const beginnings = ['OTEL_', ...(spec.inherits ?? [])];
  const shared = Object.keys(process.env).filter((name) =>
    beginnings.some((beginning) => name.startsWith(beginning)),
  );
  const environment = Object.fromEntries(
    [...inherited, ...shared].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name]]],
    ),
  );
  const child = spawn(process.execPath, [spec.script, ...(spec.args ?? [])], {
    env: { ...environment, ...spec.env },
    stdio: ['ignore', log?.descriptor ?? 'inherit', log?.descriptor ?? 'inherit', 'ipc'],
    detached: true,
  });
  log?.close();
  let notMade: string | null = null;
  const exited = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => resolve(code));
    child.on('error', (error) => {
      // There are errors of living children too (a signal that was not delivered); those have not ended.
      if (child.pid !== undefined) return;
      notMade = error.message;
      resolve(null);
    });
  });
  const listening = new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      const port = portIn(message);
      if (port !== null) resolve(port);
    });
    void exited.then(() => reject(new Error(`${spec.name} ended before it served`)));
  });
  // Nobody has to wait for it: producers and jobs never serve.
  listening.catch(() => undefined);
  return {
    pid: child.pid ?? -1,
    listening,
    exited,
    stop: (graceMs) => stopChild(child, exited, graceMs),
    lastWords: () => notMade ?? (logFile === null ? '' : lastWords(logFile, startsAt)),
  };
}

function portIn(message: unknown): number | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, port } = message as Record<string, unknown>;
  return type === 'listening' && typeof port === 'number' ? port : null;
}

async function stopChild(child: ChildProcess, exited: Promise<unknown>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}
