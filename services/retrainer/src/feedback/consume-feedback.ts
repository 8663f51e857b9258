import { backOff, type Clock, type Logger, noTracing, type Tracing } from '@verdict/process';
import { DatabaseUnavailable, type FeedbackStore } from '@verdict/storage';
import { type EventSource, StreamUnavailable } from '@verdict/streams';
import type { ReadVerdicts } from './read-verdicts.ts';
import { recordBatch } from './record-batch.ts';
import { inRecordSpan } from './record-span.ts';

/** What consuming the feedback hub needs, whichever partition. */
export interface FeedbackParts {
  readonly source: EventSource;
  readonly store: Pick<FeedbackStore, 'checkpoint' | 'record'>;
  readonly consumerGroup: string;
  /** Lease group; also names the checkpoints. */
  readonly group: string;
  readonly holder: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly tracing?: Tracing;
  /** Hears of what was recorded, and in which span (W3C traceparent); returns at once and never throws. */
  readonly onRecorded: (recorded: ReadVerdicts, traceparent?: string) => void;
}

/** A partition that was claimed; the signal is aborted when it has to be given back. */
export interface FeedbackClaim {
  readonly partition: string;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

const limits = { maxEvents: 200, maxWaitMs: 1000 };

/**
 * Records the verdicts and reports of one partition until the signal is aborted. While the database is away it waits
 * and starts over from the checkpoint, so that nothing is lost or recorded twice. Throws what the stream throws, and
 * `EpochLost`; whoever owns the partition decides what follows.
 */
export async function consumeFeedback(parts: FeedbackParts, claim: FeedbackClaim): Promise<void> {
  const { logger, clock } = parts;
  const { partition, signal } = claim;
  const wait = backOff({ firstMs: 200, maxMs: 5000 });
  while (!signal.aborted) {
    try {
      await consumeFromCheckpoint(parts, claim, wait.reset);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      logger.warn({ partition, reason: error.message }, 'feedback waits for the database');
      // Cut short when the partition has to be given back: the loop's head sees it.
      await clock.sleep(wait.nextMs(), signal).catch(() => undefined);
    }
  }
}

/** read → record, where recording also moves the checkpoint, in one transaction that asserts the epoch. */
async function consumeFromCheckpoint(
  parts: FeedbackParts,
  claim: FeedbackClaim,
  onDone: () => void,
): Promise<void> {
  const { source, store, consumerGroup, group, holder, logger, onRecorded, tracing = noTracing } = parts;
  const { partition, epoch, signal } = claim;
  const checkpoint = await store.checkpoint(group, partition);
  await checkHub(parts, partition, checkpoint);
  const start = checkpoint < 0 ? 'earliest' : { afterSequence: checkpoint };
  const reader = await source.open({ consumerGroup, partition, start, ownerLevel: epoch });
  try {
    while (!signal.aborted) {
      const batch = await reader.read(limits);
      // Given back meanwhile: the next holder reads these again.
      if (batch.length === 0 || signal.aborted) continue;
      const { recorded, traceparent } = await inRecordSpan(tracing, { partition, batch }, () =>
        recordBatch(batch, (read, through) =>
          store.record({ group, partition, epoch, holder, checkpoint: through, ...read }),
        ),
      );
      onDone();
      onRecorded(recorded, traceparent);
      if (recorded.undecodable.length > 0)
        logger.error(
          { partition, count: recorded.undecodable.length },
          'feedback that cannot be used was set aside as dead letters',
        );
    }
  } finally {
    await reader.close();
  }
}

/**
 * Verdicts that were lost, or will be, are told. Throws `StreamUnavailable` for a hub that ends before the
 * checkpoint: it was replaced, and its verdicts would be passed over until it has as many events as the old one.
 */
async function checkHub(
  { source, logger }: FeedbackParts,
  partition: string,
  checkpoint: number,
): Promise<void> {
  const { firstSequence, lastSequence } = await source.extent(partition);
  if (checkpoint > lastSequence) {
    logger.error({ partition, checkpoint, lastSequence }, 'the feedback hub was replaced by another one');
    throw new StreamUnavailable(
      `the feedback hub was replaced: partition ${partition} ends at ${lastSequence}, before the checkpoint ${checkpoint}`,
    );
  }
  const lost = firstSequence - checkpoint - 1;
  if (lost > 0 && checkpoint >= 0)
    logger.error({ partition, lost }, 'feedback was lost: the hub dropped it before it was recorded');
}
