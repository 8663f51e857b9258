import type { ReadingInput } from '@verdict/contracts';

/** Readings that wait to be sent: the newest `capacity` of them. */
export interface ReadingBuffer {
  /** Adds a reading; when full, the oldest one is dropped and counted. */
  add(reading: ReadingInput): void;
  /** The oldest readings, at most `most`; they stay until `remove`. */
  oldest(most: number): ReadingInput[];
  /** Removes readings that were sent; one that was dropped while it was on its way is not lost after all. */
  remove(sent: readonly ReadingInput[]): void;
  readonly size: number;
  /** Dropped since the start and not sent. */
  readonly dropped: number;
}

/** Makes an empty buffer. */
export function readingBuffer(capacity: number): ReadingBuffer {
  let waiting: ReadingInput[] = [];
  let dropped = 0;
  return {
    add(reading) {
      waiting.push(reading);
      if (waiting.length <= capacity) return;
      waiting.shift();
      dropped += 1;
    },
    oldest: (most) => waiting.slice(0, most),
    remove(sent) {
      const gone = new Set(sent);
      const left = waiting.filter((reading) => !gone.has(reading));
      dropped -= sent.length - (waiting.length - left.length);
      waiting = left;
    },
    get size() {
      return waiting.length;
    },
    get dropped() {
      return dropped;
    },
  };
}
