import { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import type { KnownAlarms } from '../anomalies/known-alarms.ts';
import type { AnomalyPolicy } from '../detection-settings.ts';
import { ReadingFlag } from '../engine-result.ts';
import type { ReadingFigures } from '../reading-figures.ts';
import type { SeriesBlock } from '../series-block.ts';
import { UnitMark } from '../unit/unit-readings.ts';
import { withinFloat32 } from '../unit/unit-values.ts';
import type { CallQueue } from './call-queue.ts';
import { patternOf, sharesOf } from './describe-alarm.ts';
import type { OpenBlock } from './open-block.ts';
import type { Round } from './round.ts';
import type { Series } from './series.ts';

/** What the readings of one call are scored with. */
export interface Scoring {
  readonly round: Round;
  readonly queue: CallQueue;
  readonly policy: AnomalyPolicy;
  readonly known: KnownAlarms;
  readonly figures: ReadingFigures;
}

/** Second half of a round for one series: scores its units, writes the row, follows its anomaly. */
export function finishStep(scoring: Scoring, step: number): void {
  const { round, queue, known, figures } = scoring;
  const { readings, scorer } = round;
  const series = round.series[step];
  if (series === undefined) return;
  const block = round.block[step] ?? 0;
  const given = queue.given(block);
  const columns = round.stepColumns(given);
  const { open, at } = queue.accept(block, round.row[step] ?? 0);
  const first = round.firstReading[step] ?? 0;
  const end = round.firstReading[step + 1] ?? 0;
  let score = 0;
  let warming = true;
  let provisional = end > first;
  for (let reading = first; reading < end; reading += 1) {
    scorer.finish(readings, reading, false, figures);
    score = Math.max(score, readings.score[reading] ?? 0);
    const marks = readings.marks[reading] ?? 0;
    if ((marks & UnitMark.warming) === 0) {
      warming = false;
      provisional = provisional && (marks & UnitMark.provisional) !== 0;
    }
    writeExpected(round, reading, columns, open, at);
  }
  // Judged at last, over all units: what they learn from the reading is the same, whether it is known or not.
  const time = round.time[step] ?? Number.NaN;
  const quieted =
    score > 0.5 &&
    known.concerns(series.key) &&
    known.explain(series.key, time, patternOf({ round, step, given }));
  const wouldBe = score;
  if (quieted) score = 0.5;
  open.score[at] = score;
  open.flags[at] =
    (quieted ? ReadingFlag.quieted : 0) |
    (score > 0.5 ? ReadingFlag.alarm : 0) |
    (provisional && !warming ? ReadingFlag.provisional : 0) |
    (warming ? ReadingFlag.warming : 0);
  figures.readings += 1;
  if (score > 0.5) figures.alarms += 1;
  if (quieted) figures.quieted += 1;
  if (series.tracker !== null || score > 0.5 || quieted)
    follow(scoring, step, { series, given, score, quieted: quieted ? wouldBe : null });
}

function writeExpected(
  { readings, columns: ownColumns }: Round,
  reading: number,
  columns: Int32Array | null,
  open: OpenBlock,
  row: number,
): void {
  const first = row * open.signals.length;
  for (let index = 0; index < readings.width; index += 1) {
    const column = columns === null ? (ownColumns[reading] ?? -1) : (columns[index] ?? -1);
    if (column < 0) continue;
    const from = reading * readings.width + index;
    open.expected[first + column] = withinFloat32(readings.expected[from] ?? Number.NaN);
    open.band[first + column] = withinFloat32(readings.band[from] ?? Number.NaN);
  }
}

/** Lets the series' anomaly open, grow or close. A series that has none, and is to have none soon, needs no tracker. */
function follow(
  { round, policy, figures }: Scoring,
  step: number,
  judged: { series: Series; given: SeriesBlock; score: number; quieted: number | null },
): void {
  const { series, given, score, quieted } = judged;
  series.tracker ??= new AnomalyTracker(series.key);
  const changes = series.tracker.track(
    {
      time: round.time[step] ?? Number.NaN,
      score,
      quieted,
      gap: round.gap[step] === 1,
      version: round.model.version,
      shares: () => sharesOf({ round, step, given }),
      pattern: () => patternOf({ round, step, given }),
    },
    policy,
  );
  for (const change of changes) {
    if (change.kind === 'opened') figures.anomalies += 1;
    if (series.changes === null) series.changes = [change];
    else series.changes.push(change);
  }
  if (series.tracker.isIdle) series.tracker = null;
}
