import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@verdict/storage/embedded';

const restartMs = 300;

/** PostgreSQL with fsync, kept alive: started again whenever it ends. */
export class DatabasePart {
  readonly name = 'postgres';
  readonly #options: { dataDir: string; password: string; port: number };
  #server: EmbeddedPostgres;
  #guard: ChildProcess;
  #stopping = false;
  /** Sessions that are held still. */
  #frozen: number[] = [];
  readonly #watching: Promise<void>;

  private constructor(
    options: { dataDir: string; password: string; port: number },
    server: EmbeddedPostgres,
  ) {
    this.#options = options;
    this.#server = server;
    this.#guard = guardOver(server.pid);
    this.#watching = this.#keepAlive();
  }

  static async start(options: { folder: string; password: string; port: number }): Promise<DatabasePart> {
    const { folder, password, port } = options;
    const settings = { dataDir: path.join(folder, 'postgres'), password, port };
    return new DatabasePart(settings, await startEmbeddedPostgres(settings));
  }

  get url(): string {
    return this.#server.url;
  }

  get pid(): number {
    return this.#server.pid;
  }

  async #keepAlive(): Promise<void> {
    while (!this.#stopping) {
      await this.#server.exited;
      this.#guard.kill('SIGKILL');
      if (this.#stopping) return;
      await new Promise((resolve) => setTimeout(resolve, restartMs));
      this.#server = await startEmbeddedPostgres(this.#options);
      this.#guard = guardOver(this.#server.pid);
    }
  }

  /** SIGTERM waits for sessions to end by themselves, which ours never do: SIGINT follows, as `pg_ctl` does it. */
  async signal(signal: NodeJS.Signals): Promise<boolean> {
    const server = this.#server;
    if (signal === 'SIGSTOP') await this.#freeze(server.pid);
    else if (signal === 'SIGCONT') this.#thaw();
    else send(server.pid, signal);
    if (signal === 'SIGTERM') {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      send(server.pid, 'SIGINT');
    }
    return true;
  }

  /** First the one that makes sessions, so that all there are can be found. */
  async #freeze(pid: number): Promise<void> {
    send(pid, 'SIGSTOP');
    this.#frozen = [pid];
    for (const child of await childrenOf(pid)) {
      this.#frozen.push(child);
      send(child, 'SIGSTOP');
    }
  }

  #thaw(): void {
    for (const pid of this.#frozen) send(pid, 'SIGCONT');
    this.#frozen = [];
  }

  /** At once, from an exit handler. */
  kill(): void {
    this.#stopping = true;
    this.#thaw();
    send(this.#server.pid, 'SIGINT');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#thaw();
    await this.#server.stop();
    await this.#watching;
  }
}

/** Ends the server when we end without a word: a shell waits for the end of its input, which the system closes then. */
function guardOver(pid: number): ChildProcess {
  const script = 'read -r _; kill -CONT "$0" && kill -INT "$0"';
  const guard = spawn('/bin/sh', ['-c', script, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell the server stays, and the next start on its folder clears it.
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  return guard;
}

/** Does nothing to a process that has ended. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Where there is no /proc, none are found. */
async function childrenOf(parent: number): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => []);
  const found: number[] = [];
  for (const entry of entries) {
    if (!/^\d+$/.test(entry)) continue;
    // "pid (name) state parent …": a name may hold anything but ends with the last parenthesis.
    const text = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    const [, ppid] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (Number(ppid) === parent) found.push(Number(entry));
  }
  return found;
}
