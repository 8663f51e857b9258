import type { RowSpan } from './row-span.ts';

/** What was found of some labelled events, over one series or several. */
export interface EventCounts {
  readonly events: number;
  readonly found: number;
  readonly anomalies: number;
  /** Anomalies that overlap a labelled event. */
  readonly right: number;
}

/** Event precision, recall and their harmonic mean; `NaN` where there is nothing to divide by. */
export interface EventFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

export const noEvents: EventCounts = { events: 0, found: 0, anomalies: 0, right: 0 };

/**
 * Counts: an event is found when an anomaly overlaps it by a row, an anomaly is right when it overlaps an event.
 * No point adjustment: a long event counts as much as a short one.
 *
 * @param from rows before it count for nothing; an anomaly that began before it is left out
 */
export function countEvents(
  labels: readonly RowSpan[],
  anomalies: readonly RowSpan[],
  from = 0,
): EventCounts {
  const overlaps = (a: RowSpan, b: RowSpan) => a[0] <= b[1] && b[0] <= a[1];
  const scored = anomalies.filter(([first]) => first >= from);
  const wanted = labels.filter(([, last]) => last >= from);
  return {
    events: wanted.length,
    found: wanted.filter((label) => scored.some((one) => overlaps(label, one))).length,
    anomalies: scored.length,
    right: scored.filter((one) => wanted.some((label) => overlaps(label, one))).length,
  };
}

export function addEvents(a: EventCounts, b: EventCounts): EventCounts {
  return {
    events: a.events + b.events,
    found: a.found + b.found,
    anomalies: a.anomalies + b.anomalies,
    right: a.right + b.right,
  };
}

export function eventFigures({ events, found, anomalies, right }: EventCounts): EventFigures {
  const [precision, recall] = [right / anomalies, found / events];
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1 };
}
