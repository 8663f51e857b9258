import { isDeepStrictEqual } from 'node:util';
import { mostRemembered } from '@verdict/contracts';
import { isExplainedBy } from '@verdict/detection';
import { judgementOf } from '@verdict/lifecycle';
import type { LabelledAnomaly, OverlayEntry } from '@verdict/storage';

/**
 * What people's verdicts want a model to keep quiet: the patterns of every anomaly that most people call a false
 * alarm, on its series, until `memoryMs` after its end. Patterns that would quiet the like of an anomaly that is
 * confirmed on the same series are left out, and anomalies without any pattern left; of one series only the newest
 * are remembered. Give all judged anomalies of
 * the series that it is about; unjudged ones count for nothing. Ascending by series and anomaly.
 */
export function wantedOverlay(
  anomalies: readonly LabelledAnomaly[],
  { memoryMs, nowMs }: { memoryMs: number; nowMs: number },
): OverlayEntry[] {
  const judged = anomalies.map((anomaly) => ({ ...anomaly, judgement: judgementOf(anomaly.verdicts) }));
  const confirmed = Map.groupBy(
    judged.filter(({ judgement }) => judgement === 'confirmed'),
    ({ series }) => series,
  );
  const wanted = judged
    .filter(({ judgement }) => judgement === 'false-alarm')
    .sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1))
    .map(({ id, series, endMs, patterns }) => {
      const real = (confirmed.get(series) ?? []).flatMap((anomaly) => anomaly.patterns);
      const quieting = patterns.filter((known) => !real.some((pattern) => isExplainedBy(pattern, known)));
      return { anomalyId: id, series, patterns: quieting, untilMs: endMs + memoryMs };
    })
    .filter(({ patterns, untilMs }) => patterns.length > 0 && untilMs >= nowMs);
  return [...Map.groupBy(wanted, ({ series }) => series).values()]
    .flatMap((entries) => entries.slice(0, mostRemembered))
    .sort((a, b) => compare(a.series, b.series) || compare(a.anomalyId, b.anomalyId));
}

/** What brings `entries` to what is wanted; null when they are that already. */
export function overlayChange(
  entries: readonly OverlayEntry[],
  wanted: readonly OverlayEntry[],
): { add: OverlayEntry[]; remove: string[] } | null {
  const there = new Map(entries.map((entry) => [entry.anomalyId, entry]));
  const wantedIds = new Set(wanted.map(({ anomalyId }) => anomalyId));
  const add = wanted.filter((entry) => !isDeepStrictEqual(plain(there.get(entry.anomalyId)), plain(entry)));
  const remove = entries.map(({ anomalyId }) => anomalyId).filter((id) => !wantedIds.has(id));
  return add.length + remove.length > 0 ? { add, remove } : null;
}

function plain(entry: OverlayEntry | undefined): unknown {
  return entry && [entry.series, entry.untilMs, entry.patterns];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
