import { type Clock, Counter, Gauge, type Registry } from '@verdict/process';
import type { SeriesStore } from '@verdict/storage';
import { keptAnswer } from '../kept-answer.ts';
import { unlessDatabaseAway } from '../unless-database-away.ts';

/** What is counted of dead letters here; detectors count them as they come. */
export interface DeadLetterMetrics {
  replayed(outcome: 'sent' | 'refused', letters: number): void;
  /** `asked` = by somebody; `limit` = the oldest, for there were too many. */
  dropped(cause: 'asked' | 'limit', letters: number): void;
}

const keptMs = 5000;

/** Registers the counters; how many wait is read at a scrape, and left out while the database is away. */
export function deadLetterMetrics(
  registry: Registry,
  series: Pick<SeriesStore, 'deadLetters'>,
  clock: Clock,
): DeadLetterMetrics {
  const waiting = keptAnswer(() => unlessDatabaseAway(series.deadLetters(), {}), keptMs, clock.monotonicMs);
  new Gauge({
    name: 'verdict_dead_letters_waiting',
    help: 'Dead letters that are kept and that nobody has replayed, by reason; every gateway tells the same',
    labelNames: ['reason'] as const,
    registers: [registry],
    async collect() {
      const counts = await waiting.get();
      this.reset();
      for (const [reason, count] of Object.entries(counts)) this.set({ reason }, count);
    },
  });
  const replayed = new Counter({
    name: 'verdict_gateway_dead_letters_replayed_total',
    help: 'Dead letters that were to be sent to their hub once more, by what came of it',
    labelNames: ['outcome'] as const,
    registers: [registry],
  });
  const dropped = new Counter({
    name: 'verdict_gateway_dead_letters_dropped_total',
    help: 'Dead letters that were forgotten before their time: somebody asked for it, or there were too many',
    labelNames: ['cause'] as const,
    registers: [registry],
  });
  return {
    replayed: (outcome, letters) => replayed.inc({ outcome }, letters),
    dropped: (cause, letters) => dropped.inc({ cause }, letters),
  };
}
