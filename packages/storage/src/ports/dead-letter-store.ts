import type { DeadLetterFilter, DeadLetterReason } from '@verdict/contracts';

/** A dead letter as it is kept, without what it holds. */
export interface DeadLetterRow {
  readonly id: number;
  /** Group of who could not use it: `namespace/pool`, or that of the consumers of verdicts. */
  readonly pool: string;
  readonly partition: string;
  readonly sequence: number;
  readonly series: string | null;
  readonly timeMs: number | null;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly bytes: number;
  readonly notedAtMs: number;
  /** Of the last replay; null = it was never replayed. */
  readonly replayedAtMs: number | null;
  readonly replayedBy: string | null;
}

/** With what it holds: an event, or one late reading as an event. */
export interface FullDeadLetter extends DeadLetterRow {
  readonly payload: Uint8Array;
}

/** Which ones: these, or all that are like this. */
export type DeadLetterChoice = { readonly ids: readonly number[] } | { readonly all: DeadLetterFilter };

/** What was acknowledged and could not be used, for those who look after it. */
export interface DeadLetterStore {
  /** Newest first. */
  list(
    query: DeadLetterFilter & {
      state?: 'waiting' | 'replayed' | undefined;
      before?: number | undefined;
      limit: number;
    },
  ): Promise<DeadLetterRow[]>;
  /** Oldest first, behind `after`; of a filter only what waits. */
  read(choice: DeadLetterChoice, page: { after: number; limit: number }): Promise<FullDeadLetter[]>;
  /** Newest time of the series as the pool's detectors have it (epoch ms, some seconds old); without those it has none of. */
  newest(pool: string, series: readonly string[]): Promise<Map<string, number>>;
  /** Notes who replayed these, here and in the audit trail. */
  replayed(ids: readonly number[], by: string): Promise<void>;
  /** Forgets them, and says so in the audit trail; gives how many there were. */
  drop(choice: DeadLetterChoice, by: string): Promise<number>;
  /** Forgets the oldest beyond so many, or beyond so many bytes; gives how many. */
  prune(limits: { mostRows: number; mostBytes: number }): Promise<number>;
}
