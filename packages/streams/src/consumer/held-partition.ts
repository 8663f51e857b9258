import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { OwnershipLost, StreamUnavailable } from '../event-stream.ts';
import { EpochLost } from '../lease-store.ts';

/** A partition as its consumer gets it. */
export interface ClaimedPartition {
  readonly partition: string;
  /** Of the claim: owner level of the receiver, and what every commit asserts. */
  readonly epoch: number;
  /** Aborted when the consumer must end: nothing may be read or committed any more. */
  readonly signal: AbortSignal;
}

/** How consuming ended: as told or by itself, because something it needs was missing, or by a bug. */
export type Ending =
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'bug'; readonly error: unknown };

/** One claim of one partition, from the claim until its consumer has ended. */
export class HeldPartition {
  readonly partition: string;
  readonly epoch: number;
  readonly startedMs: number;
  /** Resolves when the consumer has ended; never rejects. */
  readonly ending: Promise<Ending>;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #over = new AbortController();
  #deadlineMs: number;
  #toldToEndMs: number | null = null;

  constructor(options: {
    partition: string;
    epoch: number;
    clock: Clock;
    /** Monotonic instant until which the lease surely holds. */
    deadlineMs: number;
    consume: (claimed: ClaimedPartition) => Promise<void>;
  }) {
    this.partition = options.partition;
    this.epoch = options.epoch;
    this.#clock = options.clock;
    this.#deadlineMs = options.deadlineMs;
    this.startedMs = options.clock.monotonicMs();
    this.ending = this.#run(options.consume);
    void this.#watch();
  }

  /** False as soon as the consumer has been told to end. */
  get reading(): boolean {
    return !this.#abort.signal.aborted && !this.#over.signal.aborted;
  }

  /** Milliseconds since the consumer was told to end; null while it may read. */
  get endingForMs(): number | null {
    return this.#toldToEndMs === null ? null : this.#clock.monotonicMs() - this.#toldToEndMs;
  }

  renewed(deadlineMs: number): void {
    this.#deadlineMs = deadlineMs;
  }

  /** Tells the consumer to end, and why: `LeaseLost`, or that others shall have the partition. */
  end(reason: Error): void {
    if (!this.reading) return;
    this.#toldToEndMs = this.#clock.monotonicMs();
    this.#abort.abort(reason);
  }

  async #run(consume: (claimed: ClaimedPartition) => Promise<void>): Promise<Ending> {
    const { partition, epoch } = this;
    const { signal } = this.#abort;
    try {
      await consume({ partition, epoch, signal });
      return { kind: 'ended' };
    } catch (error) {
      if (isExpected(error)) return { kind: 'failed', error };
      const toldToEnd = signal.aborted && (error === signal.reason || isAbortError(error));
      return toldToEnd ? { kind: 'ended' } : { kind: 'bug', error };
    } finally {
      this.#over.abort();
    }
  }

  /** Tells the consumer to end when the deadline comes, whatever the heartbeats are doing. */
  async #watch(): Promise<void> {
    while (this.reading) {
      const leftMs = this.#deadlineMs - this.#clock.monotonicMs();
      if (leftMs <= 0) {
        this.end(new LeaseLost('the lease could not be renewed in time'));
        return;
      }
      // Cut short when the consumer has ended: there is nothing to watch any more.
      await this.#clock.sleep(leftMs, this.#over.signal).catch(() => {});
      // Where the process was busy, the answer that renews it may have come, only nobody has looked yet.
      await setImmediate();
    }
  }
}

/** Why a consumer is told to end: somebody else may have the partition by now. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

function isExpected(error: unknown): error is Error {
  return error instanceof StreamUnavailable || error instanceof OwnershipLost || error instanceof EpochLost;
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
