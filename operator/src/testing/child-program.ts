import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const alive = new Set<ChildProcess>();
// A test that dies takes its programs with it.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
// Without a handler a signal ends a process without its `exit`.
for (const [signal, number] of [['SIGTERM', 15] as const, ['SIGINT', 2] as const])
  process.once(signal, () => process.exit(128 + number));

/** A program of a test: started, stopped and started again with the same arguments; its output goes to a file. */
export class ChildProgram {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #log: string;
  #child: ChildProcess | undefined;

  constructor(command: string, args: readonly string[], log: string) {
    this.#command = command;
    this.#args = args;
    this.#log = log;
  }

  start(): void {
    if (this.#child !== undefined) throw new Error(`${this.#command} runs already`);
    const log = openSync(this.#log, 'a');
    const child = spawn(this.#command, this.#args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    alive.add(child);
    child.on('exit', () => {
      alive.delete(child);
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** Throws, with the end of its output, if the program is not running. */
  assertRunning(): void {
    if (this.#child !== undefined) return;
    const output = readFileSync(this.#log, 'utf8').split('\n').slice(-15).join('\n');
    throw new Error(`${this.#command} has ended:\n${output}`);
  }

  /** Ends it and waits; what has not ended `graceMs` after SIGTERM is killed. 0: killed at once. */
  async stop(graceMs: number): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.exitCode !== null || child.signalCode !== null) return;
    const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.kill(graceMs === 0 ? 'SIGKILL' : 'SIGTERM');
    await ended;
    clearTimeout(kill);
  }
}
