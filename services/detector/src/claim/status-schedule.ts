/** Statuses of series that a partition writes in a second at most: the database has other work to do. */
const mostPerSecond = 250;
/** Most with one commit, which readings wait for: those of 125,000 series take seconds. */
export const mostStatuses = 5_000;

/** Says how many statuses of series may be written, so that it goes on evenly however many there are. */
export class StatusSchedule {
  readonly #everyMs: number;
  #lastMs: number;

  /** Times are monotonic. */
  constructor(everyMs: number, nowMs: number) {
    this.#everyMs = everyMs;
    this.#lastMs = nowMs;
  }

  /** 0 = none yet. */
  due(nowMs: number): number {
    const elapsedMs = nowMs - this.#lastMs;
    if (elapsedMs < this.#everyMs) return 0;
    return Math.min(mostStatuses, Math.ceil((mostPerSecond * elapsedMs) / 1000));
  }

  written(nowMs: number): void {
    this.#lastMs = nowMs;
  }
}
