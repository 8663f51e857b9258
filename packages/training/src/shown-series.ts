import type { ScoredBlock } from '@verdict/detection';
import type { KnownEvent } from './known-event.ts';
import { RowMark, type TrainingBlock } from './training-block.ts';
import type { VersionTrial } from './version-trial.ts';

/** One series scored by two versions over the same readings, one entry per reading. */
export interface ShownSeries {
  readonly series: string;
  /** The signal that carried the most alarms, else the first. */
  readonly signal: string;
  readonly times: Float64Array;
  /** `NaN` = missing. */
  readonly values: Float32Array;
  readonly candidate: Float32Array;
  readonly champion: Float32Array;
}

const mostShown = 6;

/** The series that are worth looking at: with the most events, then with the most readings that are not plain. */
export function seriesToShow(blocks: readonly TrainingBlock[], events: readonly KnownEvent[]): string[] {
  const marked = new Map<string, number>();
  for (const { series, marks } of blocks) {
    const count = marks?.reduce((sum, mark) => sum + (mark === RowMark.plain ? 0 : 1), 0) ?? 0;
    marked.set(series, (marked.get(series) ?? 0) + count);
  }
  const known = new Map<string, number>();
  for (const { series } of events) known.set(series, (known.get(series) ?? 0) + 1);
  const more = (counts: Map<string, number>, a: string, b: string) =>
    (counts.get(b) ?? 0) - (counts.get(a) ?? 0);
  return [...marked.keys()]
    .sort((a, b) => more(known, a, b) || more(marked, a, b) || (a < b ? -1 : 1))
    .slice(0, mostShown);
}

/** Puts the scores of both versions side by side. */
export function shownSeries(
  show: readonly string[],
  candidate: VersionTrial,
  champion: VersionTrial,
): ShownSeries[] {
  return show.flatMap((series) => {
    const [a, b] = [candidate.shown.get(series) ?? [], champion.shown.get(series) ?? []];
    const signal = loudestSignal(series, [candidate, champion]) ?? a[0]?.signals[0];
    const times = Float64Array.from(a.flatMap((block) => [...block.times]));
    const ofChampion = Float32Array.from(b.flatMap((block) => [...block.score]));
    if (signal === undefined || times.length !== ofChampion.length) return [];
    return [
      {
        series,
        signal,
        times,
        values: Float32Array.from(a.flatMap((block) => valuesOf(block, signal))),
        candidate: Float32Array.from(a.flatMap((block) => [...block.score])),
        champion: ofChampion,
      },
    ];
  });
}

function valuesOf({ signals, times, values }: ScoredBlock, signal: string): number[] {
  const column = signals.indexOf(signal);
  return Array.from(times, (_, row) =>
    column < 0 ? Number.NaN : (values[row * signals.length + column] ?? Number.NaN),
  );
}

function loudestSignal(series: string, trials: readonly VersionTrial[]): string | undefined {
  const shares = new Map<string, number>();
  for (const { anomalies } of trials) {
    for (const anomaly of anomalies.within(series, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
      for (const { signal, share } of anomaly.signals) shares.set(signal, (shares.get(signal) ?? 0) + share);
    }
  }
  return [...shares].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0];
}
