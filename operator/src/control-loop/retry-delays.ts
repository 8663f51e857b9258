import type { Clock } from '@verdict/process';
import { type RateLimit, TokenBucket } from '../kube/token-bucket.ts';

export interface RetryLimits {
  /** Wait after the first failure of a key; it doubles with each further one. Default 5 ms. */
  readonly firstMs?: number;
  /** Default 5 min. */
  readonly maxMs?: number;
  /** Retries of all keys together. Default 10 a second, 100 at once. */
  readonly overall?: RateLimit;
}

/** How long each key waits after failures: the longer of its own growing wait and the queue for all retries. */
export class RetryDelays<Key> {
  readonly #failures = new Map<Key, number>();
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #overall: TokenBucket;

  constructor(limits: RetryLimits, clock: Clock) {
    this.#firstMs = limits.firstMs ?? 5;
    this.#maxMs = limits.maxMs ?? 5 * 60_000;
    this.#overall = new TokenBucket(limits.overall ?? { perSecond: 10, burst: 100 }, clock);
  }

  /** Counts one more failure of the key; returns the milliseconds to wait. */
  failed(key: Key): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const ownMs = Math.min(this.#maxMs, this.#firstMs * 2 ** failures);
    return Math.max(ownMs, this.#overall.reserve());
  }

  /** Failures in a row. */
  failures(key: Key): number {
    return this.#failures.get(key) ?? 0;
  }

  forget(key: Key): void {
    this.#failures.delete(key);
  }
}
