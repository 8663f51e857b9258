import type { Clock, Logger, Registry, Route } from '@verdict/process';
import type { DeadLetterStore, SeriesStore } from '@verdict/storage';
import type { EventSink } from '@verdict/streams';
import { dataSender } from '../readings/data-sender.ts';
import { type Repetition, repeat } from '../repeat.ts';
import { deadLetterMetrics } from './dead-letter-metrics.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';

/** What looking after dead letters stands on. */
export interface DeadLetterParts {
  readonly stores: { readonly deadLetters: DeadLetterStore; readonly series: SeriesStore };
  /** With more patience than requests have. */
  readonly retention: Pick<DeadLetterStore, 'prune'>;
  readonly dataSink: EventSink;
  readonly feedbackSink: EventSink;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
  /** Ends the process: for bugs in background work. */
  readonly crash: (error: unknown) => void;
  readonly settings: { readonly retentionMs: number };
}

/** The oldest go first beyond these; by age they go with history. */
const kept = { mostRows: 100_000, mostBytes: 256 * 1024 * 1024 };
const pruneEveryMs = 30_000;

/** Routes for dead letters, and what keeps their number bounded. */
export function openDeadLetters(parts: DeadLetterParts): {
  readonly routes: readonly Route[];
  readonly pruning: Repetition;
} {
  const { stores, clock, logger, crash, settings } = parts;
  const { deadLetters } = stores;
  const metrics = deadLetterMetrics(parts.metrics, stores.series, clock);
  const sender = dataSender(parts.dataSink);
  const { feedbackSink } = parts;
  const { retentionMs } = settings;
  return {
    routes: deadLetterRoutes({ deadLetters, sender, feedbackSink, metrics, clock, logger, retentionMs }),
    pruning: repeat(
      async () => {
        const dropped = await parts.retention.prune(kept);
        if (dropped === 0) return;
        metrics.dropped('limit', dropped);
        logger.warn({ dropped }, 'there were too many dead letters: the oldest were forgotten');
      },
      { name: 'forgetting dead letters beyond the limit', everyMs: pruneEveryMs, clock, logger, crash },
    ),
  };
}
