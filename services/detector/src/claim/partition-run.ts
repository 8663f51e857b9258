import type { DetectionEngine, DetectionModel } from '@verdict/detection';
import type { Clock, Logger, Tracing } from '@verdict/process';
import type { BlobStore, PartitionRef, PartitionStore, VersionSpan } from '@verdict/storage';
import type { EventSource } from '@verdict/streams';
import type { DetectorMetrics } from '../metrics.ts';
import type { OverlaysAtHand } from '../model/overlay-shelf.ts';
import type { PoolOrders } from '../model/pool-orders.ts';
import type { ShadowLimits } from '../shadow/shadow-budget.ts';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';
import type { BatchSize } from './batch-size.ts';
import type { Caution } from './caution.ts';
import type { BatchOutcome } from './commit-batch.ts';
import type { BatchLimits, EventCursor } from './event-cursor.ts';
import type { PoisonLedger } from './poison-ledger.ts';
import type { SnapshotLoad } from './snapshot-load.ts';
import type { SnapshotSchedule } from './snapshot-schedule.ts';
import type { StatusSchedule } from './status-schedule.ts';
import type { SnapshotChain } from './store-snapshot.ts';
import type { Turns } from './turns.ts';
import type { VersionTroubles } from './version-troubles.ts';

/** How engines come to be. */
export interface EngineMaker {
  fresh(model: DetectionModel): DetectionEngine;
  /** Where changes are given, be it none, further ones can follow. @throws SnapshotError */
  restore(
    bytes: Uint8Array,
    model: DetectionModel,
    changes?: readonly Uint8Array[],
  ): Promise<DetectionEngine>;
}

/** What every partition of this process works with. */
export interface DetectorParts {
  /** `namespace/pool`. */
  readonly pool: string;
  readonly consumerGroup: string;
  readonly source: Pick<EventSource, 'properties' | 'extent' | 'open'>;
  readonly store: PartitionStore;
  readonly blobs: BlobStore;
  readonly engines: EngineMaker;
  readonly models: ModelsAtHand;
  readonly overlays: OverlaysAtHand;
  /** The newest orders. */
  readonly orders: () => PoolOrders;
  readonly metrics: DetectorMetrics;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing?: Tracing;
  readonly limits: RunLimits;
  /** What snapshots of all partitions cost; absent = each partition counts for itself. */
  readonly snapshotLoad?: SnapshotLoad;
  /**
   * Whose turn it is to score, or to write or read its state. All partitions share one thread, so taking turns within a
   * batch would only make every batch end as late as the last one. Like this, what comes meanwhile for those that wait
   * goes into one larger batch, and the state of one partition stays in the cache.
   */
  readonly turns: Turns;
  /** Whose turn it is to be restored: meanwhile its state is there twice, and the first of them can go on sooner. */
  readonly restores: Turns;
}

/** Trained versions; see `ModelShelf`. */
export interface ModelsAtHand {
  ready(version: number): DetectionModel | null;
  load(version: number): Promise<DetectionModel>;
  /** An `UnusableVersion` when the version itself is at fault. */
  failure(version: number): Error | null;
}

export interface RunLimits {
  readonly batch: BatchLimits;
  /** A snapshot is due after this time (more where snapshots take long), or after this many readings. */
  readonly snapshotMs: number;
  readonly snapshotReadings: number;
  /** A snapshot is due when the readings since took so long to score; all partitions of the process share it. */
  readonly replayMs: number;
  /** Most changes that follow a whole snapshot before there is another one. */
  readonly snapshotChain: number;
  /** How often the status of series is written; where there are very many, that of some of them. */
  readonly statusMs: number;
  /** How long a commit is tried while the database is away. */
  readonly commitMs: number;
  /** What a version scored beside another may cost. */
  readonly shadow: ShadowLimits;
  /** Series in one partition's memory; beyond it the ones that were silent longest are let go. */
  readonly series: number;
}

export const defaultLimits: RunLimits = {
  batch: { events: 1000, bytes: 3 * 1024 * 1024, waitMs: 200 },
  snapshotMs: 10_000,
  snapshotReadings: 100_000,
  replayMs: 3000,
  snapshotChain: 20,
  statusMs: 5000,
  commitMs: 8000,
  shadow: {
    times: 5,
    perBatchMs: 20,
    perReadingMs: 1,
    allowanceMs: 2000,
    beginMs: 10_000,
    bytes: 256 * 1024 * 1024,
  },
  series: 200_000,
};

/** A partition while it runs: everything that changes from batch to batch. */
export interface PartitionRun {
  readonly ref: PartitionRef;
  readonly hub: { readonly identity: string; readonly partitionCount: number };
  readonly memory: PartitionMemory;
  readonly cursor: EventCursor;
  readonly schedule: SnapshotSchedule;
  readonly statuses: StatusSchedule;
  readonly size: BatchSize;
  readonly caution: Caution;
  readonly poison: PoisonLedger;
  /** Outlives the run: what it is about is the version, not this try. */
  readonly troubles: VersionTroubles;
  /** Outlives the run, too. */
  readonly shadows: ShadowWatch;
  /** Orders that the batches follow now; newer ones are taken over at a batch border. */
  orders: PoolOrders;
  /** Sequence number committed last; -1 = none. */
  checkpoint: number;
  /** What was in force as the last commit has it; null = nothing was committed yet. */
  committed: Pick<VersionSpan, 'version' | 'shadow'> | null;
  /** Last event processed: ahead of the checkpoint while events went by that left nothing to write. */
  position: number;
  /** When something was committed last, monotonic ms. */
  committedMs: number;
  /** Hears of every commit. */
  readonly onCommit: (outcome: BatchOutcome) => void;
  /** Readings committed since the claim. */
  readings: number;
  /** True until the first batch border: what was restored may be for other models now. */
  restored: boolean;
  /** What the newest committed snapshot is part of, if changes can follow it. */
  chain: SnapshotChain | null;
}
