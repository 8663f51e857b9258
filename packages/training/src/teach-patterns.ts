import { type DetectionModel, Engine, type EngineResult, type TaughtPattern } from '@verdict/detection';
import { type AlarmingEvent, choosePatterns } from './choose-patterns.ts';
import { EventPlaces } from './known-event.ts';
import { FoundAnomalies, type FoundAnomaly, replayVersion } from './replay-version.ts';
import { rowAt, rowsOf, type TrainingBlock, timeAtShare } from './training-block.ts';

/** A stretch of one series, epoch ms, both ends included. */
export interface Stretch {
  readonly series: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Readings that are looked at for patterns at most, the newest ones. */
const mostReadings = 500_000;
/** False alarms whose patterns are compared at most, the newest ones. */
const mostFalseAlarms = 1000;
/** Where some readings of a false alarm are quiet, others open it: those are looked for again. */
const mostRounds = 3;

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
  const places = new EventPlaces(blocks);
  let realAlarms: AlarmingEvent[] | null = null;
  let taught: TaughtPattern[] = [];
  for (let round = 0; round < mostRounds; round += 1) {
    const anomalies = await anomaliesOf({ ...candidate, taught }, blocks, signal);
    const isReal = ({ series, startTime, endTime }: FoundAnomaly) =>
      real.some((event) => event.series === series && event.fromMs <= endTime && event.toMs >= startTime);
    // What real events look like shows only as long as nothing is quieted.
    realAlarms ??= real.flatMap((event) =>
      alarming(event, anomalies.within(event.series, event.fromMs, event.toMs)),
    );
    const wrong = falseAlarms.flatMap((event) => {
      const place = places.of(event);
      const found = place === null ? [] : anomalies.within(event.series, ...place);
      return alarming(
        event,
        found.filter((anomaly) => !isReal(anomaly)),
      );
    });
    const more = choosePatterns(wrong, realAlarms, taught);
    if (more.length === taught.length) break;
    taught = more;
  }
  return taught;
}

async function anomaliesOf(
  model: DetectionModel,
  blocks: readonly TrainingBlock[],
  signal?: AbortSignal,
): Promise<FoundAnomalies> {
  const engine = new Engine({ model });
  const anomalies = new FoundAnomalies();
  const onResult = (result: EngineResult) => anomalies.add(result.anomalies);
  await replayVersion({ engine, blocks, onResult, ...(signal && { signal }) });
  anomalies.addOpen(engine);
  return anomalies;
}

function alarming({ series }: Stretch, anomalies: readonly FoundAnomaly[]): AlarmingEvent[] {
  const patterns = anomalies.flatMap((anomaly) => anomaly.patterns);
  return patterns.length > 0 ? [{ series, patterns }] : [];
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
