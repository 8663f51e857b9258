/** A stretch of one series, epoch ms, both ends included. */
export interface Stretch {
  readonly series: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The events that people reported and no anomaly covers: reports of one series that overlap are one event, and
 * an event that an anomaly overlaps was found, whatever people say of that anomaly. Sorted by series and time.
 */
export function missedEvents(reports: readonly Stretch[], anomalies: readonly Stretch[]): Stretch[] {
  const events: Stretch[] = [];
  const sorted = reports.toSorted((a, b) =>
    a.series === b.series ? a.fromMs - b.fromMs : a.series < b.series ? -1 : 1,
  );
  for (const report of sorted) {
    const last = events.at(-1);
    if (last && overlap(last, report))
      events[events.length - 1] = { ...last, toMs: Math.max(last.toMs, report.toMs) };
    else events.push(report);
  }
  return events.filter((event) => !anomalies.some((anomaly) => overlap(anomaly, event)));
}

function overlap(a: Stretch, b: Stretch): boolean {
  return a.series === b.series && a.fromMs <= b.toMs && b.fromMs <= a.toMs;
}
