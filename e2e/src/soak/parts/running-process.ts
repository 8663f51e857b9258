import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, within } from '../../platform/until.ts';
import { isLetter, type Letter, type Note, type Order } from '../adapters/messages.ts';

const checkout = fileURLToPath(new URL('../../../../', import.meta.url));
const adapters = new URL('../adapters/register.ts', import.meta.url).href;
const startMs = 90_000;
const stopMs = 15_000;
/** As a supervisor does: at once, but not in a tight loop. */
const restartMs = 300;

/** A process of the platform. */
export interface ProcessSpec {
  readonly name: string;
  /** Of the checkout. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFolder: string;
  readonly onNote: (note: Note, from: { name: string; pid: number }) => void;
}

/** Keeps one process of the platform alive, with the adapters of the soak in it, and starts it again when it ends. */
export class RunningProcess {
  readonly name: string;
  readonly #spec: ProcessSpec;
  #child: ChildProcess | null = null;
  #port = 0;
  #stopping = false;
  /** The next end is ours. */
  #ended = false;
  #exited: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;
  /** What it said last each time that it ended without having been asked to. */
  readonly crashes: string[] = [];

  constructor(spec: ProcessSpec) {
    this.#spec = spec;
    this.name = spec.name;
  }

  /** Starts it and waits until it listens. */
  async start(): Promise<number> {
    this.#launch();
    return this.listening();
  }

  /** Waits until the newest run listens. */
  listening(): Promise<number> {
    return until(
      startMs,
      async () => (this.#port > 0 ? this.#port : null),
      () => `${this.name} does not listen:\n${this.lastWords()}`,
      50,
    );
  }

  get pid(): number | null {
    const child = this.#child;
    return child === null || child.exitCode !== null || child.signalCode !== null
      ? null
      : (child.pid ?? null);
  }

  /** Whether it listens again after the run with this process id. */
  isBackAfter(pid: number): boolean {
    return this.pid !== null && this.pid !== pid && this.#port > 0;
  }

  send(order: Order): void {
    const child = this.#child;
    // A process that ends just now has nothing to obey any more.
    if (child?.connected) child.send({ soak: order } satisfies Letter<Order>, () => {});
  }

  /** False when it does not run just now. */
  signal(signal: NodeJS.Signals): boolean {
    if (this.pid === null) return false;
    if (signal === 'SIGKILL' || signal === 'SIGTERM') this.#ended = true;
    return this.#child?.kill(signal) ?? false;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    if (this.pid === null) return;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    await within(stopMs, this.#exited, () => '').catch(() => {
      this.signal('SIGKILL');
      return this.#exited;
    });
  }

  lastWords(): string {
    return readFileSync(this.#logFile(), 'utf8').split('\n').slice(-12).join('\n');
  }

  #logFile(): string {
    return path.join(this.#spec.logFolder, `${this.name}.log`);
  }

  #launch(): void {
    const { script, args = [], environment, logFolder, onNote } = this.#spec;
    mkdirSync(logFolder, { recursive: true });
    const log = openSync(this.#logFile(), 'a');
    this.#port = 0;
    this.#ended = false;
    const child = spawn(process.execPath, ['--import', adapters, path.join(checkout, script), ...args], {
      cwd: checkout,
      stdio: ['ignore', log, log, 'ipc'],
      // Its own group: a Ctrl-C in the terminal is for us alone. Without us its channel closes, and it ends.
      detached: true,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    });
    closeSync(log);
    this.#child = child;
    const pid = child.pid ?? -1;
    child.on('message', (message: { type?: unknown; port?: unknown }) => {
      if (isLetter(message)) onNote((message as Letter<Note>).soak, { name: this.name, pid });
      else if (message.type === 'listening' && typeof message.port === 'number') this.#port = message.port;
    });
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
        if (this.#stopping) return;
        if (!this.#ended) this.crashes.push(reasonOf(this.lastWords()));
        this.#port = 0;
        this.#restart = setTimeout(() => this.#launch(), restartMs);
      });
    });
  }
}

/** Of the last line that is one of our log, its message and the error's. */
function reasonOf(text: string): string {
  for (const line of text.trim().split('\n').reverse()) {
    if (!line.startsWith('{')) continue;
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return `${msg ?? ''}${err?.message === undefined ? '' : `: ${err.message}`}`.slice(0, 200);
  }
  return text.slice(-200);
}
