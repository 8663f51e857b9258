import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connectionString } from '../connection-string.ts';

/** An emulator in a process of its own, for tests that kill it. */
export interface ChildEmulator {
  child: ChildProcess;
  port: number;
  connectionString: string;
}

const KEY = 'dGVzdC1rZXk=';

/** Starts `main.ts` on `folder`; rejects with what it wrote to stderr when it ends before it listens. */
export async function startChildEmulator(folder: string, port = 0): Promise<ChildEmulator> {
  const keyFile = join(folder, 'key');
  await writeFile(keyFile, `${KEY}\n`);
  const child = spawn(process.execPath, [fileURLToPath(new URL('../main.ts', import.meta.url))], {
    env: {
      PATH: process.env.PATH,
      VERDICT_EMULATOR_PORT: String(port),
      VERDICT_EMULATOR_DATA: join(folder, 'data'),
      VERDICT_EMULATOR_HUBS: 'data:2',
      VERDICT_EMULATOR_KEY_FILE: keyFile,
      VERDICT_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The emulator ended with code ${code}: ${complaint}`);
  });
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  const { listening } = JSON.parse(line) as { listening: number };
  const key = { name: 'emulator', value: KEY };
  return { child, port: listening, connectionString: connectionString('127.0.0.1', listening, key) };
}

/** Kills a child and waits for its end. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}
