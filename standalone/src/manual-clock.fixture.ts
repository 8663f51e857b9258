import type { Clock } from '@verdict/process';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #nowMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  nowMs = (): number => this.#nowMs;
  monotonicMs = (): number => this.#nowMs;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { atMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });

  /** Sleeps under way. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass, wakes who is due in order, and lets what they do settle. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (;;) {
      const [first] = [...this.#sleepers]
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (!first) break;
      this.#sleepers.delete(first);
      this.#nowMs = Math.max(this.#nowMs, first.atMs);
      first.wake();
      await settled();
    }
    this.#nowMs = untilMs;
  }
}

/** Resolves when everything has run that waits for nothing but promises. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
