/** A partition's lease as the store has it. Times are judged by the store's own clock. */
export interface Lease {
  readonly partition: string;
  /** Grows by one with every claim; also the owner level of the receiver. */
  readonly epoch: number;
  /** Null = free (released or expired). */
  readonly holder: string | null;
}

/** A live consumer process of a group. */
export interface Member {
  readonly holder: string;
  /** Where it answers HTTP, such as `http://127.0.0.1:41234`; null = nowhere. */
  readonly address: string | null;
  /** The version it is pinned to; null = any. */
  readonly pinnedVersion: number | null;
}

/** What a heartbeat learns. */
export interface Heartbeat {
  readonly renewed: readonly string[];
  /** All leases of the group, those expired shown as free. */
  readonly leases: readonly Lease[];
  /** Live ones. */
  readonly members: readonly Member[];
  /** When the first lease of another member runs out unless it is renewed, ms from now; null or absent = nobody has one. */
  readonly nextExpiryMs?: number | null;
}

/** Leases of partitions and membership of a consumer group: who reads what. */
export interface LeaseStore {
  /**
   * Says that `member` lives and renews those of its leases that it still holds, for `expiryMs` by the store's
   * clock.
   */
  heartbeat(request: {
    group: string;
    member: Member;
    held: readonly { partition: string; epoch: number }[];
    expiryMs: number;
  }): Promise<Heartbeat>;
  /** Takes a free or expired partition: its epoch grows by one. Null when somebody was faster. */
  claim(request: {
    group: string;
    partition: string;
    member: Member;
    expiryMs: number;
  }): Promise<{ epoch: number } | null>;
  /** Gives a lease back at once; does nothing when it is not held any more. */
  release(request: { group: string; partition: string; holder: string; epoch: number }): Promise<void>;
  /** Ends membership (clean stop). */
  leave(request: { group: string; holder: string }): Promise<void>;
}

/** A commit was refused: another process holds the partition with a newer epoch. */
export class EpochLost extends Error {
  override readonly name = 'EpochLost';
}
