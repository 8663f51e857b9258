import { spawn } from 'node:child_process';

export interface ProgramOptions {
  /** What it reads from its standard input. */
  readonly input?: string;
  readonly timeoutMs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it says goes to our own standard error instead of into the answer. */
  readonly aloud?: boolean;
}

/** How a program ended, and what it said. */
export interface Ended {
  /** Null when it was ended from outside. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const mostCharacters = 64 * 1024 * 1024;

/** Runs a program to its end. Rejects only when it cannot be started. */
export async function endOf(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const { input, timeoutMs = 60_000, signal, cwd, env, aloud = false } = options;
  signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd,
    env,
    signal,
    timeout: timeoutMs,
    stdio: [input === undefined ? 'ignore' : 'pipe', aloud ? 2 : 'pipe', aloud ? 2 : 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (said[name].length < mostCharacters) said[name] += text;
    });
  // A program that ends before it has read everything says itself what is wrong.
  child.stdin?.on('error', () => undefined).end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', (error) => (signal?.aborted ? undefined : reject(error)));
    child.on('close', resolve);
  });
  signal?.throwIfAborted();
  return { code, ...said };
}

/** What a program says. Rejects, with its own words, when it does not end with 0. */
export async function outputOf(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await endOf(program, args, options);
  if (code === 0) return stdout;
  const how = code === null ? 'did not end in time' : `ended with ${code}`;
  throw new Error(`${program} ${args.join(' ')} ${how}: ${stderr.trim() || stdout.trim()}`);
}
