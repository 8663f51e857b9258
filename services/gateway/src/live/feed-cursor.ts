import { AnomaliesQuery } from '@verdict/contracts';
import type { AnomalyStore } from '@verdict/storage';

/**
 * The place from which changes must be told again after a gap. A notice may be lost some time before the gap is
 * seen (a dead connection), so the cursor before the newest is used: at least one period old.
 */
export class FeedCursor {
  readonly #anomalies: AnomalyStore;
  #older: string | null = null;
  #newer: string | null = null;

  constructor(anomalies: AnomalyStore) {
    this.#anomalies = anomalies;
  }

  /** Null before the first `advance`. */
  get resumeFrom(): string | null {
    return this.#older;
  }

  /** Call once in a while, while no gap is waiting to be told. */
  async advance(): Promise<void> {
    const { cursor } = await this.#anomalies.list(AnomaliesQuery.parse({ limit: 1 }));
    this.#older = this.#newer ?? cursor;
    this.#newer = cursor;
  }
}
