import type { Clock } from '../clock.ts';
import type { LeaseStore, Member } from '../lease-store.ts';
import type { ClaimedPartition } from './held-partition.ts';
import { PartitionConsumer } from './partition-consumer.ts';

/** What a partition consumer tells while it works. */
export interface ConsumerLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** Milliseconds; each must be longer than the one before. */
export interface ConsumerTiming {
  /** Between two heartbeats. */
  readonly heartbeatMs: number;
  /** Local time without a renewal after which reading stops. */
  readonly abandonMs: number;
  /** How long a lease lasts by the store's clock. */
  readonly expiryMs: number;
}

export interface RunPartitionsOptions {
  /** Namespace and pool: who shares the partitions. */
  readonly group: string;
  readonly member: Member;
  readonly leases: LeaseStore;
  /** All partitions of the hub. */
  readonly partitions: readonly string[];
  /** Whether this member wants a partition, asked at every heartbeat. Default: all. */
  readonly wants?: (partition: string, members: readonly Member[]) => boolean;
  readonly clock: Clock;
  readonly timing?: ConsumerTiming;
  /**
   * Reads one claimed partition until `signal` is aborted. What it throws decides: `StreamUnavailable`,
   * `OwnershipLost` and `EpochLost` give the partition back for a while; anything else is a bug.
   */
  readonly consume: (claimed: ClaimedPartition) => Promise<void>;
  /** Called after every heartbeat that succeeded, before anything is claimed; a failure is a reason not to claim. */
  readonly onHeartbeat?: () => Promise<void>;
  readonly logger: ConsumerLogger;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
}

/** A running partition consumer. */
export interface RunningPartitions {
  /** Partitions that are being read now. */
  held(): { partition: string; epoch: number }[];
  /** A whole heartbeat that begins now (or after the one under way); resolves when it is done. */
  beat(): Promise<void>;
  /** Ends all consumers, gives every lease back and leaves the group; at most about 7 s. */
  stop(): Promise<void>;
  /** Rejects with the error when there is a bug. Unhandled, it ends the process: that is intended. */
  readonly fatal: Promise<never>;
}

/** Owns a fair share of a hub's partitions from now on, and runs `consume` for each of them. */
export function runPartitions(options: RunPartitionsOptions): RunningPartitions {
  const timing = options.timing ?? { heartbeatMs: 2_000, abandonMs: 8_000, expiryMs: 10_000 };
  if (!(timing.heartbeatMs < timing.abandonMs && timing.abandonMs < timing.expiryMs)) {
    throw new RangeError('heartbeat, abandoning and expiry must follow each other');
  }
  return new PartitionConsumer({ ...options, timing });
}
