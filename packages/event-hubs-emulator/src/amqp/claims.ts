import { type Claim, pathCovers } from '../sas-token.ts';

/** Longest delay that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What one connection may do: the claims of the tokens that it has shown. */
export class Claims {
  readonly #claims = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #onExpired: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onExpired called after claims have run out, so that links without cover can be closed */
  constructor(nowMs: () => number, onExpired: () => void) {
    this.#nowMs = nowMs;
    this.#onExpired = onExpired;
  }

  add({ path, expiresAtMs }: Claim): void {
    this.#claims.set(path, expiresAtMs);
    this.#watch();
  }

  get isEmpty(): boolean {
    return this.#claims.size === 0;
  }

  /** Whether an unexpired claim covers `path` (lower case, without the host). */
  cover(path: string): boolean {
    const nowMs = this.#nowMs();
    for (const [granted, expiresAtMs] of this.#claims) {
      if (expiresAtMs > nowMs && pathCovers(granted, path)) return true;
    }
    return false;
  }

  clear(): void {
    this.#claims.clear();
    clearTimeout(this.#timer);
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#claims.size === 0) return;
    const delayMs = Math.min(...this.#claims.values()) - this.#nowMs();
    this.#timer = setTimeout(() => this.#expire(), Math.min(Math.max(delayMs, 0) + 1, MAX_TIMER_MS));
    this.#timer.unref();
  }

  #expire(): void {
    const nowMs = this.#nowMs();
    for (const [path, expiresAtMs] of this.#claims) {
      if (expiresAtMs <= nowMs) this.#claims.delete(path);
    }
    this.#onExpired();
    this.#watch();
  }
}
