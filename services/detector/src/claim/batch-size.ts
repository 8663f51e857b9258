import type { BatchLimits } from './event-cursor.ts';

/** Work that all partitions of a process have in hand at most, and one of them; their batches wait for each other. */
const mostWorkMs = 8000;
const mostPerBatchMs = 1000;
/** Less is not worth a transaction. */
const leastBytes = 64 * 1024;
/** Before anything was measured. */
const firstBytes = 256 * 1024;
/** Share of the newest batch in what a byte costs. */
const newestShare = 0.3;

/**
 * How large a batch may be: the more of a backlog is taken at once, the more readings each series has in it, and the
 * less everything costs that is done once per series and batch. What bounds it is the time until it is committed: a stop
 * waits for it, and after a crash it is scored again.
 */
export class BatchSize {
  readonly #partitions: () => number;
  #msPerByte = 0;

  /** `partitions`: how many of them work in this process. */
  constructor(partitions: () => number) {
    this.#partitions = partitions;
  }

  /** So long it took to score so much. */
  scored(bytes: number, ms: number): void {
    if (bytes === 0) return;
    const msPerByte = ms / bytes;
    this.#msPerByte += (this.#msPerByte === 0 ? 1 : newestShare) * (msPerByte - this.#msPerByte);
  }

  /** Of the next batch. */
  limits(most: BatchLimits): BatchLimits {
    const workMs = Math.min(mostPerBatchMs, mostWorkMs / this.#partitions());
    const bytes = this.#msPerByte === 0 ? firstBytes : Math.max(leastBytes, workMs / this.#msPerByte);
    return { ...most, bytes: Math.min(most.bytes, bytes) };
  }
}
