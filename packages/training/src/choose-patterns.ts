import { isExplainedBy, likeTaught, type SignalEvidence, type TaughtPattern } from '@verdict/detection';

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
/** … and so many more for each real event that would be hidden: people's answers are not all right. */
const alarmsPerHidden = 10;
/** Evidence of an alarm that says in which way a reading is odd; at the border it is noise that makes the direction. */
const telltale = 1.6;
/** Evidence of a reading that alarms clearly enough to be counted on: score 0.52. */
const clear = 0.52 / 0.48;

/**
 * What a version is to hold for normal, out of the ways in which it still alarms within false alarms that it was
 * taught: strongest first, each that no chosen one explains already; of several signals none that is hardly above the
 * border. For all series where it is clear, and false alarms of at least two series and three in number are explained
 * by it, ten for each real event that it hides; else for its own series, where it hides no real event there. A real
 * event is hidden when nothing clear is left of it.
 *
 * @param falseAlarms in an order that does not change
 * @param real events that are real or may be
 * @param known what was chosen before, and stays
 */
export function choosePatterns(
  falseAlarms: readonly AlarmingEvent[],
  real: readonly AlarmingEvent[],
  known: readonly TaughtPattern[] = [],
): TaughtPattern[] {
  const forAll = known.filter(({ series }) => series === null);
  const perSeries = Map.groupBy(
    known.filter((one): one is TaughtPattern & { series: string } => one.series !== null),
    ({ series }) => series,
  );
  const chosenFor = (series: string) => [...forAll, ...(perSeries.get(series) ?? [])];
  const hides = (pattern: SignalEvidence) => (event: AlarmingEvent) => {
    const patterns = [{ pattern }, ...chosenFor(event.series)];
    return telling(event).every((one) => patterns.some((chosen) => isAlike(one, chosen.pattern)));
  };
  const alarming = falseAlarms
    .flatMap(({ series, patterns }) => patterns.map((pattern) => ({ series, pattern })))
    .sort((a, b) => strength(b.pattern) - strength(a.pattern) || order(a.series, b.series));
  for (const { series, pattern } of alarming) {
    if (chosenFor(series).some((chosen) => isAlike(pattern, chosen.pattern))) continue;
    if (isVague(pattern)) continue;
    const own = perSeries.get(series) ?? [];
    const hidden = real
      .filter(({ patterns }) => patterns.some((one) => isAlike(one, pattern)))
      .filter(hides(pattern));
    const fewest = Math.max(alarmsForAll, alarmsPerHidden * hidden.length);
    const fit = forAll.length < mostForAll && isClear(pattern);
    if (fit && isCommon(falseAlarms, pattern, fewest)) {
      forAll.push({ series: null, pattern });
    } else if (own.length < mostPerSeries && hidden.every((event) => event.series !== series)) {
      perSeries.set(series, [...own, { series, pattern }]);
    }
  }
  const series = [...perSeries.keys()].sort();
  return [...forAll, ...series.flatMap((key) => perSeries.get(key) ?? [])];
}

function isAlike(reading: SignalEvidence, known: SignalEvidence): boolean {
  return isExplainedBy(reading, known, likeTaught);
}

/** Whether so many false alarms, on several series, are explained by it. */
function isCommon(falseAlarms: readonly AlarmingEvent[], pattern: SignalEvidence, fewest: number): boolean {
  const series = new Set<string>();
  let count = 0;
  for (const event of falseAlarms) {
    if (!event.patterns.some((one) => isAlike(one, pattern))) continue;
    count += 1;
    series.add(event.series);
    if (count >= fewest && series.size >= seriesForAll) return true;
  }
  return false;
}

/** The ways in which an event is clearly odd; all of them where none is. */
function telling({ patterns }: AlarmingEvent): readonly SignalEvidence[] {
  const clearOnes = patterns.filter((one) => strength(one) >= clear);
  return clearOnes.length > 0 ? clearOnes : patterns;
}

/** Evidence of its strongest signal: what the score is made of. */
function strength(pattern: SignalEvidence): number {
  return Object.values(pattern).reduce((most, part) => Math.max(most, Math.abs(part)), 0);
}

/** Whether it says in which way a reading is odd. */
function isClear(pattern: SignalEvidence): boolean {
  return strength(pattern) >= telltale;
}

/** One signal alone has only two ways to go. */
function isVague(pattern: SignalEvidence): boolean {
  return !isClear(pattern) && Object.keys(pattern).length > 1;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
