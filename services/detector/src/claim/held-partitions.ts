import type { DetectorStatus } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import type { PartitionRun } from './partition-run.ts';
import type { VersionTroubles } from './version-troubles.ts';

type PartitionStatus = DetectorStatus['partitions'][number];

/** One partition that this process holds. */
export interface HeldPartition {
  readonly partition: string;
  readonly epoch: number;
  /** Versions that fail here. */
  readonly troubles: VersionTroubles;
  readonly shadows: ShadowWatch;
  state: PartitionStatus['state'];
  /** Why it is stalled; null when it is not. */
  reason: string | null;
  /** What the store said, until the run goes on from there. */
  checkpoint: number;
  /** Null while it is not running. */
  run: PartitionRun | null;
}

type OpenedPartition = Pick<HeldPartition, 'partition' | 'epoch' | 'troubles' | 'shadows'>;

/** The partitions that this process holds, for whoever asks from outside. */
export class HeldPartitions {
  readonly #held = new Map<string, HeldPartition>();

  open({ partition, epoch, troubles, shadows }: OpenedPartition): HeldPartition {
    const held: HeldPartition = {
      partition,
      epoch,
      troubles,
      shadows,
      state: 'restoring',
      reason: null,
      checkpoint: -1,
      run: null,
    };
    this.#held.set(partition, held);
    return held;
  }

  close(held: HeldPartition): void {
    if (this.#held.get(held.partition) === held) this.#held.delete(held.partition);
  }

  all(): HeldPartition[] {
    return [...this.#held.values()];
  }

  /** The newest rows of a series, from whichever partition has it; null when none has. */
  newest(series: string, afterMs: number): HistoryRows | null {
    for (const { run } of this.#held.values()) {
      const rows = run?.memory.tails.newest(series, afterMs) ?? null;
      if (rows !== null) return rows;
    }
    return null;
  }

  /** As `GET /status` tells it; `problemOf` says why a planned version does not serve. */
  status(problemOf: (held: HeldPartition) => string | null): PartitionStatus[] {
    return this.all()
      .map((held) => {
        const reason = held.reason ?? problemOf(held);
        return {
          partition: held.partition,
          epoch: held.epoch,
          version: held.run?.memory.engine.version ?? 0,
          shadow: held.run?.memory.shadow?.version ?? null,
          overlay: held.run?.memory.overlay ?? 0,
          state: held.state,
          checkpoint: held.run?.checkpoint ?? held.checkpoint,
          series: held.run?.memory.ledger.size ?? 0,
          readings: held.run?.readings ?? 0,
          ...(reason === null ? {} : { reason }),
        };
      })
      .sort((a, b) => a.partition.localeCompare(b.partition, 'en', { numeric: true }));
  }
}
