import { createHash } from 'node:crypto';
import type { AnomalyChange } from '@verdict/detection';

/** Stands for namespace and pool in the ids of anomalies. */
const pool = 'default/backtest';

/** Id of the anomaly of a series that starts at a time, made as detectors make it. */
export function backtestAnomalyId(series: string, startMs: number): string {
  return createHash('sha256').update(`${pool}\n${series}\n${startMs}`).digest('hex').slice(0, 24);
}

interface Span {
  readonly id: string;
  readonly startMs: number;
  /** Event time of the reading with which it was opened, epoch ms. */
  readonly fromMs: number;
  toMs: number;
}

/**
 * Knows to which anomaly an alarming reading belonged when it was scored: the one that it opened, or that was open
 * already. Readings before the opening, and alarms during a rest, belong to none, for nobody was told of them.
 */
export class AnomalyFollower {
  readonly #series: string;
  #spans: Span[] = [];

  constructor(series: string) {
    this.#series = series;
  }

  /**
   * Takes what one call to the engine changed.
   * @param open the anomaly that is open behind it, with its newest end
   */
  follow(changes: readonly AnomalyChange[], open: AnomalyChange | null): void {
    const newest = this.#spans.at(-1);
    this.#spans = newest === undefined ? [] : [newest];
    for (const change of changes) {
      if (change.kind === 'opened') this.#spans.push(this.#spanOf(change));
      this.#extend(change);
    }
    if (open !== null) this.#extend(open);
  }

  #spanOf({ startTime, endTime }: AnomalyChange): Span {
    const id = backtestAnomalyId(this.#series, startTime);
    return { id, startMs: startTime, fromMs: endTime, toMs: endTime };
  }

  #extend({ startTime, endTime }: AnomalyChange): void {
    const span = this.#spans.find(({ startMs }) => startMs === startTime);
    if (span !== undefined) span.toMs = Math.max(span.toMs, endTime);
  }

  /** Whether the reading of this time, of the last call, raised an alarm: it opened an anomaly. */
  raisedAt(timeMs: number): boolean {
    return this.#spans.some(({ fromMs }) => fromMs === timeMs);
  }

  /** Id of the anomaly that an alarming reading of the last call belongs to; null for none. */
  idAt(timeMs: number): string | null {
    return this.#spans.find(({ fromMs, toMs }) => fromMs <= timeMs && timeMs <= toMs)?.id ?? null;
  }
}
