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
import type { Round } from './round.ts';
import type { ScoredRows } from './scored-rows.ts';
import type { SeriesBook } from './series-book.ts';

/** What the readings of one call are scored with. */
export interface Scoring {
  readonly round: Round;
  readonly queue: CallQueue;
  readonly book: SeriesBook;
  readonly policy: AnomalyPolicy;
  readonly known: KnownAlarms;
  readonly figures: ReadingFigures;
}

/** Second half of a round for one series: scores its units, writes the row, follows its anomaly. */
export function finishStep(scoring: Scoring, step: number): void {
  const { round, queue, book, known, figures } = scoring;
  const { readings, scorer } = round;
  const block = round.block[step] ?? 0;
  const given = queue.given(block);
  const columns = round.stepColumns(given);
  const { rows } = queue;
  const accepted = queue.accept(block, round.row[step] ?? 0);
  const at = rows.firstRow(block) + accepted;
  const firstValue = rows.firstValue(block) + accepted * given.signals.length;
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
    writeExpected(round, reading, columns, rows, firstValue);
  }
  // Judged at last, over all units: what they learn from the reading is the same, whether it is known or not.
  const time = round.time[step] ?? Number.NaN;
  const series = queue.series(round.place[step] ?? 0);
  const quieted =
    score > 0.5 &&
    known.concerns(given.series) &&
    known.explain(given.series, time, patternOf({ round, step, given }));
  const wouldBe = score;
  if (quieted) score = 0.5;
  rows.score[at] = score;
  rows.flags[at] =
    (quieted ? ReadingFlag.quieted : 0) |
    (score > 0.5 ? ReadingFlag.alarm : 0) |
    (provisional && !warming ? ReadingFlag.provisional : 0) |
    (warming ? ReadingFlag.warming : 0);
  figures.readings += 1;
  if (score > 0.5) figures.alarms += 1;
  if (quieted) figures.quieted += 1;
  const tracker = book.tracker(series);
  if (tracker !== null || score > 0.5 || quieted)
    follow(scoring, step, { series, tracker, given, score, quieted: quieted ? wouldBe : null });
}

function writeExpected(
  { readings, columns: ownColumns }: Round,
  reading: number,
  columns: Int32Array | null,
  { expected, band }: ScoredRows,
  first: number,
): void {
  for (let index = 0; index < readings.width; index += 1) {
    const column = columns === null ? (ownColumns[reading] ?? -1) : (columns[index] ?? -1);
    if (column < 0) continue;
    const from = reading * readings.width + index;
    const gain = readings.gain[from] ?? 1;
    const origin = readings.origin[from] ?? 0;
    expected[first + column] = withinFloat32(origin + gain * (readings.expected[from] ?? Number.NaN));
    band[first + column] = withinFloat32(gain * (readings.band[from] ?? Number.NaN));
  }
}

/** Lets the series' anomaly open, grow or close. A series that has none, and is to have none soon, needs no tracker. */
function follow(
  { round, queue, book, policy, figures }: Scoring,
  step: number,
  judged: {
    readonly series: number;
    readonly tracker: AnomalyTracker | null;
    readonly given: SeriesBlock;
    readonly score: number;
    readonly quieted: number | null;
  },
): void {
  const { series, given, score, quieted } = judged;
  const tracker = judged.tracker ?? new AnomalyTracker(given.series);
  const changes = tracker.track(
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
    queue.addChange(round.place[step] ?? 0, change);
  }
  if (tracker.isIdle) book.setTracker(series, null);
  else if (judged.tracker === null) book.setTracker(series, tracker);
}
