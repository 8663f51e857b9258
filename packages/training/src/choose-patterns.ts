import { isExplainedBy, type SignalEvidence, type TaughtPattern } from '@verdict/detection';

/** A stretch of a series in which a version alarms, and in what ways. */
export interface AlarmingEvent {
  readonly series: string;
  readonly patterns: readonly SignalEvidence[];
}

const mostForAll = 64;
const mostPerSeries = 16;
/** So many false alarms, … */
const alarmsForAll = 3;
/** … on so many series, have to be alike before their like is held for normal everywhere. */
const seriesForAll = 2;

/**
 * What a version is to hold for normal, out of the ways in which it still alarms within false alarms that it was
 * taught: strongest first, each that no chosen one explains already. For all series where false alarms of at least two
 * series and three in number are explained by it and no alarm of the version within a real event is; else for its own
 * series, where no such alarm there is explained by it.
 *
 * @param falseAlarms in an order that does not change @param real events that are real or may be
 */
export function choosePatterns(
  falseAlarms: readonly AlarmingEvent[],
  real: readonly AlarmingEvent[],
): TaughtPattern[] {
  const forAll: TaughtPattern[] = [];
  const perSeries = new Map<string, TaughtPattern[]>();
  const explains = (pattern: SignalEvidence) => (event: AlarmingEvent) =>
    event.patterns.some((one) => isExplainedBy(one, pattern));
  const known = falseAlarms
    .flatMap(({ series, patterns }) => patterns.map((pattern) => ({ series, pattern, size: norm(pattern) })))
    .sort((a, b) => b.size - a.size || (a.series < b.series ? -1 : a.series > b.series ? 1 : 0));
  for (const { series, pattern } of known) {
    const own = perSeries.get(series) ?? [];
    if ([...forAll, ...own].some((chosen) => isExplainedBy(pattern, chosen.pattern))) continue;
    const hidden = real.filter(explains(pattern));
    if (hidden.length === 0 && forAll.length < mostForAll && isCommon(falseAlarms, explains(pattern))) {
      forAll.push({ series: null, pattern });
    } else if (own.length < mostPerSeries && hidden.every((event) => event.series !== series)) {
      perSeries.set(series, [...own, { series, pattern }]);
    }
  }
  const series = [...perSeries.keys()].sort();
  return [...forAll, ...series.flatMap((key) => perSeries.get(key) ?? [])];
}

function isCommon(
  falseAlarms: readonly AlarmingEvent[],
  explained: (event: AlarmingEvent) => boolean,
): boolean {
  const series = new Set<string>();
  let count = 0;
  for (const event of falseAlarms) {
    if (!explained(event)) continue;
    count += 1;
    series.add(event.series);
    if (count >= alarmsForAll && series.size >= seriesForAll) return true;
  }
  return false;
}

function norm(pattern: SignalEvidence): number {
  return Math.hypot(...Object.values(pattern));
}
