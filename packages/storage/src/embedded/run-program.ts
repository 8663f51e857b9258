import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { PostgresUser } from './postgres-user.ts';

/**
 * Starts one of PostgreSQL's programs in a session of its own (a Ctrl-C in the terminal must not reach it: it is
 * stopped last, by us), with English messages and without any PG* variables of ours.
 */
export function spawnProgram(
  program: string,
  args: readonly string[],
  options: { user: PostgresUser | null; onLine: (line: string) => void },
): ChildProcess {
  const child = spawn(program, args, {
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.user ?? {}),
  });
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on('line', options.onLine);
  return child;
}

/** Runs a program to its end; throws with its last lines when it fails or takes longer than `timeoutMs`. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { user: PostgresUser | null; timeoutMs: number },
): Promise<string[]> {
  const lines: string[] = [];
  const child = spawnProgram(program, args, { user: options.user, onLine: (line) => lines.push(line) });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs);
  try {
    const code = await exitOf(child);
    if (code !== 0) throw new ProgramFailed(`${program} failed (${code})`, lines);
    return lines;
  } finally {
    clearTimeout(timer);
  }
}

/** Exit code, or the signal's name; rejects when the program cannot be started. */
export function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
}

/** A program of PostgreSQL ended badly; the message says the likely cause in one sentence. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
  readonly lines: readonly string[];

  constructor(what: string, lines: readonly string[]) {
    const full = lines.some((line) => line.includes('No space left on device'));
    const last = lines.filter((line) => /FATAL|ERROR|PANIC|error/.test(line)).at(-1) ?? lines.at(-1);
    super(full ? 'PostgreSQL cannot start: the disk is full' : `${what}: ${last ?? 'it said nothing'}`);
    this.lines = lines;
  }
}
