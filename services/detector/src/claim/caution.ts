import type { BatchLimits } from './event-cursor.ts';

/** Claims without progress after which events are processed one by one. */
const attemptsBeforeCaution = 3;
/** Good events in a row that end it. */
const goodEvents = 64;
/** Deaths on one event, processed alone, that give it up. One could be an accident: an eviction, a power cut. */
export const deathsBeforeDeadLetter = 2;

/** Whether a partition is processed event by event, because earlier tries at this position did not survive. */
export class Caution {
  #good: number;

  constructor(evidence: { attempts: number; suspected: boolean }) {
    this.#good = evidence.attempts >= attemptsBeforeCaution || evidence.suspected ? 0 : goodEvents;
  }

  get active(): boolean {
    return this.#good < goodEvents;
  }

  limits(normal: BatchLimits): BatchLimits {
    return this.active ? { ...normal, events: 1 } : normal;
  }

  /** One event was processed and committed. */
  good(): void {
    this.#good += 1;
  }
}
