import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { tokenFor } from './stand-in-gateway.fixture.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A real detector process. */
export class ChildDetector {
  readonly url: string;
  readonly #child: ChildProcess;
  /** What it wrote to stderr. */
  log = '';

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(env: Record<string, string>): Promise<ChildDetector> {
    const child = fork(main, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let log = '';
    child.stderr?.on('data', (piece) => {
      log += String(piece);
    });
    const listening = once(child, 'message', { signal: AbortSignal.timeout(20_000) });
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the detector ended: ${log}`)));
    ended.catch(() => undefined);
    const [message] = (await Promise.race([listening, ended])) as [{ port: number }];
    const detector = new ChildDetector(child, message.port);
    detector.log = log;
    child.stderr?.on('data', (piece) => {
      detector.log += String(piece);
    });
    return detector;
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.url + path, {
      headers: { authorization: `Bearer ${tokenFor('viewer')}` },
    });
    return { status: response.status, text: await response.text() };
  }

  async post(path: string, body: object): Promise<{ status: number; text: string }> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenFor('service')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Sends a signal and waits for the end. Resolves with the exit code (null after a kill). */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
    return this.#child.exitCode;
  }
}
