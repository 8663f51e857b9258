import type { Clock } from '@verdict/process';

/** What taking a report back needs to know of it. */
export interface ReportedStretch {
  readonly series: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly person: string;
}

const keptMs = 120_000;
const mostKept = 1000;

/**
 * Reports that the feedback hub has taken from here lately: a report can be taken back at once, before it has come
 * out of the hub into the database.
 */
export class RecentReports {
  readonly #clock: Clock;
  readonly #reports = new Map<string, { report: ReportedStretch; untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string, report: ReportedStretch): void {
    this.#forget();
    this.#reports.set(id, { report, untilMs: this.#clock.monotonicMs() + keptMs });
  }

  get(id: string): ReportedStretch | null {
    this.#forget();
    return this.#reports.get(id)?.report ?? null;
  }

  /** Oldest first: a map keeps the order in which things came. */
  #forget(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [id, { untilMs }] of this.#reports) {
      if (untilMs > nowMs && this.#reports.size < mostKept) return;
      this.#reports.delete(id);
    }
  }
}
