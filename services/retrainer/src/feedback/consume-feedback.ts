import type { Clock, Logger } from '@verdict/process';
import type { FeedbackStore } from '@verdict/storage';
import type { EventSource } from '@verdict/streams';
import { readVerdicts } from './read-verdicts.ts';

/** What consuming the feedback hub needs, whichever partition. */
export interface FeedbackParts {
  readonly source: EventSource;
  readonly store: FeedbackStore;
  readonly consumerGroup: string;
  /** Lease group; also names the checkpoints. */
  readonly group: string;
  readonly holder: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Counts verdicts and dead letters. */
  readonly count: (verdicts: number, undecodable: number) => void;
}

const limits = { maxEvents: 200, maxWaitMs: 1000 };

/**
 * Records the verdicts of one partition until the signal is aborted: read → decode → record, where recording
 * also moves the checkpoint, in one transaction that asserts the epoch. Throws what the stream or the database
 * throws; whoever owns the partition decides what follows.
 */
export async function consumeFeedback(
  parts: FeedbackParts,
  claim: { partition: string; epoch: number; signal: AbortSignal },
): Promise<void> {
  const { source, store, consumerGroup, group, holder } = parts;
  const { partition, epoch, signal } = claim;
  const checkpoint = await store.checkpoint(group, partition);
  const start = checkpoint < 0 ? 'earliest' : { afterSequence: checkpoint };
  const reader = await source.open({ consumerGroup, partition, start, ownerLevel: epoch });
  try {
    while (!signal.aborted) {
      const batch = await reader.read(limits);
      const last = batch.at(-1);
      if (last === undefined) continue;
      const read = readVerdicts(batch);
      await store.record({ group, partition, epoch, holder, checkpoint: last.sequence, ...read });
      parts.count(read.events.length, read.undecodable.length);
      if (read.undecodable.length > 0)
        parts.logger.error(
          { partition, count: read.undecodable.length },
          'feedback that cannot be read was set aside',
        );
    }
  } finally {
    await reader.close();
  }
}
