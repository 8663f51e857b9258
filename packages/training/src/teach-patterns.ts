import { type DetectionModel, Engine, type TaughtPattern } from '@verdict/detection';
import { type AlarmingEvent, choosePatterns } from './choose-patterns.ts';
import { EventPlaces } from './known-event.ts';
import { FoundAnomalies, replayVersion } from './replay-version.ts';
import { rowAt, rowsOf, type TrainingBlock, timeAtShare } from './training-block.ts';

/** A stretch of one series, epoch ms, both ends included. */
export interface Stretch {
  readonly series: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Readings that are looked at for patterns at most, the newest ones. */
const mostReadings = 1_500_000;
/** False alarms whose patterns are compared at most, the newest ones. */
const mostFalseAlarms = 1000;

/**
 * Runs a version that was fitted over the history of the series that people said something about, and chooses what of
 * the alarms that it still raises within false alarms it is to hold for normal.
 *
 * @param falseAlarms those that were taught
 * @param real what is, or may be, a real anomaly: confirmed, undecided and missed ones
 */
export async function teachPatterns(request: {
  readonly blocks: readonly TrainingBlock[];
  /** Without taught patterns. */
  readonly candidate: DetectionModel;
  readonly falseAlarms: readonly Stretch[];
  readonly real: readonly Stretch[];
  readonly signal?: AbortSignal;
}): Promise<TaughtPattern[]> {
  const { candidate, real, signal } = request;
  if (request.falseAlarms.length === 0) return [];
  const falseAlarms = request.falseAlarms.toSorted(byTime).slice(-mostFalseAlarms);
  const series = new Set([...falseAlarms, ...real].map((event) => event.series));
  const blocks = newest(request.blocks.filter((block) => series.has(block.series)));
  const engine = new Engine({ model: candidate });
  const anomalies = new FoundAnomalies();
  await replayVersion({
    engine,
    blocks,
    onResult: (result) => anomalies.add(result.anomalies),
    ...(signal && { signal }),
  });
  anomalies.addOpen(engine);
  const places = new EventPlaces(blocks);
  const alarming = (events: readonly Stretch[]): AlarmingEvent[] =>
    events.flatMap((event) => {
      const place = places.of(event);
      if (place === null) return [];
      const patterns = anomalies.within(event.series, ...place).flatMap((anomaly) => anomaly.patterns);
      return patterns.length > 0 ? [{ series: event.series, patterns }] : [];
    });
  return choosePatterns(alarming(falseAlarms), alarming(real));
}

function byTime(a: Stretch, b: Stretch): number {
  return a.fromMs - b.fromMs || (a.series < b.series ? -1 : a.series > b.series ? 1 : 0);
}

function newest(blocks: readonly TrainingBlock[]): TrainingBlock[] {
  const readings = blocks.reduce((sum, { times }) => sum + times.length, 0);
  if (readings <= mostReadings) return [...blocks];
  const from = timeAtShare(blocks, 1 - mostReadings / readings);
  return blocks.map((block) => rowsOf(block, rowAt(block, from), block.times.length));
}
