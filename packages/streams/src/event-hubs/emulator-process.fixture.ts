import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '@verdict/event-hubs-emulator';

const key = { name: 'test', value: 'c3RyZWFtcy10ZXN0LWtleS1vZi0zMi1ieXRlcy4uLi4=' };

interface Started {
  readonly port: number;
  readonly connectionString: string;
}

/** An emulator in a process of its own, for tests that kill it. It keeps its data and port across restarts. */
export class EmulatorProcess {
  readonly #dataFolder: string;
  #child: ChildProcess | null = null;
  #port = 0;
  connectionString = '';

  private constructor(dataFolder: string) {
    this.#dataFolder = dataFolder;
  }

  /** Starts an emulator with one hub, `data`, of two partitions. */
  static async start(): Promise<EmulatorProcess> {
    const emulator = new EmulatorProcess(await mkdtemp(join(tmpdir(), 'verdict-streams-')));
    await emulator.restart();
    return emulator;
  }

  async restart(): Promise<void> {
    const child = fork(fileURLToPath(import.meta.url), [this.#dataFolder, String(this.#port)]);
    this.#child = child;
    const [started] = (await once(child, 'message', { signal: AbortSignal.timeout(20_000) })) as [Started];
    this.#port = started.port;
    this.connectionString = started.connectionString;
  }

  /** As `kill -9`. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Halts it without closing anything, as a network that swallows packets does. */
  halt(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** Kills it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    await rm(this.#dataFolder, { recursive: true, force: true });
  }
}

const [, script, dataFolder, port] = process.argv;
if (script === fileURLToPath(import.meta.url) && dataFolder !== undefined) {
  const emulator = await startEmulator({
    dataFolder,
    port: Number(port),
    key,
    hubs: [{ name: 'data', partitions: 2 }],
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port: emulator.port, connectionString: emulator.connectionString } satisfies Started);
}
