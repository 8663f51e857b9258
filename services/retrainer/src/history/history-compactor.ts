import type { Clock } from '@verdict/process';
import type { CompactedHistory, HistoryCompaction } from '@verdict/storage';
import { Rounds } from '../rounds.ts';

/** What the compactor tells of itself. */
export interface CompactionMetrics {
  /** Days that have ended and still have fresh chunks. */
  waiting(days: number): void;
  /** A step was done, in so many seconds. */
  packed(done: CompactedHistory, seconds: number): void;
}

export interface CompactorParts {
  readonly history: HistoryCompaction;
  readonly clock: Clock;
  /** A UTC day is compacted when it has ended so long ago, ms: most late readings have come by then. */
  readonly afterMs: number;
  readonly metrics: CompactionMetrics;
  readonly onFailure: (error: unknown) => void;
}

/** How often it looks for days that have ended, and for late readings of compacted ones. */
const lookEveryMs = 30 * 60_000;

/**
 * Packs the fresh chunks of finished days into day chunks. Any number of processes may do so at once: each step holds a
 * lock of the database, and who does not get it leaves the work to the other one until the next look. A step is one
 * transaction; whoever is killed in it has done nothing, and the next look begins with what is left.
 */
export class HistoryCompactor {
  readonly #parts: CompactorParts;
  readonly #rounds: Rounds;

  constructor(parts: CompactorParts) {
    this.#parts = parts;
    this.#rounds = new Rounds({ clock: parts.clock, onFailure: parts.onFailure });
  }

  /** Compacts until the signal. */
  run(signal: AbortSignal): Promise<void> {
    return this.#rounds.run(() => this.#look(signal), signal);
  }

  async #look(signal: AbortSignal): Promise<number> {
    const { history, clock, afterMs, metrics } = this.#parts;
    const days = await history.daysToCompact(clock.nowMs() - afterMs);
    let unreadable = 0;
    for (const [at, day] of days.entries()) {
      metrics.waiting(days.length - at);
      for (let after: number | null = 0; after !== null; ) {
        if (signal.aborted) return 0;
        const startedMs = clock.monotonicMs();
        const done = await history.compactSeries({ day, after });
        if (done === null) return lookEveryMs;
        const tookMs = clock.monotonicMs() - startedMs;
        metrics.packed(done, tookMs / 1000);
        unreadable += done.unreadable;
        after = done.after;
        // Half of the time belongs to everybody else who needs the processor and the database.
        await clock.sleep(tookMs, signal);
      }
      await history.freeDay(day);
    }
    metrics.waiting(0);
    if (unreadable > 0) this.#parts.onFailure(new DamagedHistory(unreadable));
    return lookEveryMs;
  }
}

/** Chunks that cannot be read; what else there is was compacted. */
class DamagedHistory extends Error {
  override readonly name = 'DamagedHistory';

  constructor(seriesDays: number) {
    super(
      `${seriesDays} days of series have chunks that are damaged; they stay as they are until retention drops them`,
    );
  }
}
