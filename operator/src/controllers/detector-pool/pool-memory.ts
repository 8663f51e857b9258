import type { Clock } from '@verdict/process';

/** Longer without a look, and nobody knows what happened meanwhile. */
const gapMs = 30_000;
/** A partition that goes from one detector to another is held by nobody for a moment. */
const handoverMs = 15_000;
/** A platform that does not answer for a moment is not worth a word. */
const awayMs = 10_000;

/** What the operator remembers of a pool between two looks. All of it may be lost: a new operator begins anew. */
export class PoolMemory {
  readonly #clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #watchedSinceMs = 0;
  #unservedSinceMs: number | null = null;
  #awaySinceMs: number | null = null;
  #lagWrittenAtMs: number;
  #declared = { digest: '', atMs: Number.NEGATIVE_INFINITY };
  /** Monotonic ms before which nothing that was read of the platform is to be acted upon: we have written since. */
  readFromMs = Number.NEGATIVE_INFINITY;
  /** Whether a candidate was on its way at the last look: then nothing old will do. */
  rollingOut = false;

  constructor(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>) {
    this.#clock = clock;
    this.#lagWrittenAtMs = clock.monotonicMs();
  }

  /** The platform has answered. Gives since when the pool is looked at without a gap, epoch ms. */
  looked(): number {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lookedAtMs > gapMs) this.#watchedSinceMs = this.#clock.nowMs();
    this.#lookedAtMs = nowMs;
    this.#awaySinceMs = null;
    return this.#watchedSinceMs;
  }

  /** What happens now says nothing of the candidate: the time until now does not count. */
  startWatchAnew(): void {
    this.#watchedSinceMs = this.#clock.nowMs();
  }

  /** The platform does not answer. Gives whether that has lasted long enough to be told. */
  away(): boolean {
    this.#awaySinceMs ??= this.#clock.monotonicMs();
    return this.#clock.monotonicMs() - this.#awaySinceMs >= awayMs;
  }

  /** Whether partitions have been held by nobody for longer than a handover takes. */
  unserved(free: number): boolean {
    if (free === 0) this.#unservedSinceMs = null;
    else this.#unservedSinceMs ??= this.#clock.monotonicMs();
    return this.#unservedSinceMs !== null && this.#clock.monotonicMs() - this.#unservedSinceMs >= handoverMs;
  }

  get lagSinceMs(): number {
    return this.#clock.monotonicMs() - this.#lagWrittenAtMs;
  }

  lagWritten(): void {
    this.#lagWrittenAtMs = this.#clock.monotonicMs();
  }

  /** Whether to declare the pool to the platform that says something else: the same at most once a minute. */
  mayDeclare(digest: string): boolean {
    return this.#declared.digest !== digest || this.#clock.monotonicMs() - this.#declared.atMs >= 60_000;
  }

  declared(digest: string): void {
    this.#declared = { digest, atMs: this.#clock.monotonicMs() };
    this.wrote();
  }

  /** Something was written to the platform. */
  wrote(): void {
    this.readFromMs = this.#clock.monotonicMs();
  }
}
