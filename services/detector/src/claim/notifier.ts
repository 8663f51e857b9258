import type { AnomalyNotification } from '@verdict/contracts';
import { backOff, type Clock, causedBy, type Logger, noTracing, type Tracing } from '@verdict/process';
import type { OutboxEntry, PartitionStore } from '@verdict/storage';
import type { DetectorMetrics } from '../metrics.ts';

/** Tells the gateway; resolves only when it has taken the changes. */
export type Notify = (changes: AnomalyNotification['changes']) => Promise<void>;

export interface NotifierParts {
  readonly store: Pick<PartitionStore, 'outbox' | 'told'>;
  readonly notify: Notify;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing?: Tracing;
  readonly metrics: Pick<DetectorMetrics, 'notified' | 'notifyFailures' | 'notifySeconds'>;
}

const changesPerCall = 500;
/** More commits are not linked. */
const mostCauses = 64;
/** Looked at now and then without being woken, for rows of a holder that was only just dying. */
const idleMs = 10_000;

/**
 * Tells the gateway what is committed, from the outbox, in order, at least once. It runs beside the pipeline and
 * never holds it up: while the gateway is away, rows wait in the database.
 */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #partition: { pool: string; partition: string };
  /** Set when there may be new rows; aborting it ends the idle wait. */
  #awake = new AbortController();
  /** Traces of commits that are not yet told. */
  readonly #causes = new Set<string>();

  constructor(parts: NotifierParts, partition: { pool: string; partition: string }) {
    this.#parts = parts;
    this.#partition = partition;
  }

  /** There may be something to tell; `traceparent` of the commit that brought it, if that is traced. */
  wake(traceparent?: string): void {
    if (traceparent !== undefined && this.#causes.size < mostCauses) this.#causes.add(traceparent);
    this.#awake.abort();
  }

  /** Drains the outbox, at once and whenever woken, until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const wait = backOff({ firstMs: 200, maxMs: 10_000 });
    while (!signal.aborted) {
      this.#awake = new AbortController();
      try {
        await this.#drain(signal);
        wait.reset();
        await this.#sleep(idleMs, AbortSignal.any([signal, this.#awake.signal]));
      } catch (error) {
        if (signal.aborted) return;
        this.#parts.metrics.notifyFailures.inc();
        this.#parts.logger.warn(
          { err: error, ...this.#partition },
          'the gateway could not be told; trying again',
        );
        await this.#sleep(wait.nextMs(), signal);
      }
    }
  }

  async #drain(signal: AbortSignal): Promise<void> {
    const { store, metrics } = this.#parts;
    const { pool, partition } = this.#partition;
    while (!signal.aborted) {
      const entries = await store.outbox(pool, partition, changesPerCall);
      if (entries.length === 0) return;
      await this.#tell(entries);
      await store.told(entries.map(({ id }) => id));
      metrics.notified.inc(entries.length);
    }
  }

  async #tell(entries: readonly OutboxEntry[]): Promise<void> {
    const { notify, metrics, tracing = noTracing } = this.#parts;
    const changes = entries.map(({ anomalyId, revision, kind }) => ({ kind, anomalyId, revision }));
    const attributes = { 'verdict.anomalies': changes.length };
    const causes = [...this.#causes];
    const endTiming = metrics.notifySeconds.startTimer();
    try {
      await tracing.span('notify', { kind: 'client', attributes, ...causedBy(causes) }, () =>
        notify(changes),
      );
    } finally {
      endTiming();
    }
    for (const cause of causes) this.#causes.delete(cause);
  }

  /** Unlike the clock's, it just ends when the signal is aborted. */
  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    await this.#parts.clock.sleep(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
