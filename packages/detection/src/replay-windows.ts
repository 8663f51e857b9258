import { builtInModel } from './detection-model.ts';
import { type DetectionSettings, defaultPolicy, unitWidth } from './detection-settings.ts';
import { CallQueue } from './series/call-queue.ts';
import { Round } from './series/round.ts';
import { SeriesBook } from './series/series-book.ts';
import type { SeriesBlock } from './series-block.ts';
import { isRestless } from './unit/learn-reading.ts';
import { fillWindow, hasWindow, teachingReadings } from './unit/scaled-window.ts';
import { UnitMark } from './unit/unit-readings.ts';
import { UnitScorer } from './unit/unit-scorer.ts';
import { rowCount, rowsSinceGap } from './unit/unit-state.ts';

export interface ReplayRequest {
  /** Whole history of one series in one block or several, ascending. */
  readonly blocks: readonly SeriesBlock[];
  readonly settings: DetectionSettings;
  /** Whether a row belongs to an anomaly and so must not be learnt from. Default: none does. */
  readonly excluded?: (block: SeriesBlock, row: number) => boolean;
  /**
   * Whether a row is part of an alarm that is to be taught as normal. Default: none is. Such a row is scored, flagged
   * and cleaned like any other; a row that is excluded as well is not taught.
   */
  readonly taught?: (block: SeriesBlock, row: number) => boolean;
  /**
   * Called for every window that may be learnt from: quiet ones, and those whose newest row is taught.
   * @param window window × signals, scaled, newest row last; reused for the next call
   * @param time event time of its newest row
   * @param kind `taught`: its newest row is taught, as it came; the rows before it are as a net would have seen them
   *   (the expectation in place of flagged values)
   */
  readonly visit: (window: Float32Array, time: number, kind: 'quiet' | 'taught') => void;
}

/**
 * Runs a series' history through the built-in version and shows the windows that a net would have seen:
 * the very same scaling and cleaning as in service. Windows with an excluded row are left out, and so are those with
 * a flagged one unless their newest row is taught.
 */
export function replayWindows(request: ReplayRequest): void {
  const scorer = new UnitScorer(builtInModel(request.settings), defaultPolicy.gapIntervals);
  const [book, queue, round] = [new SeriesBook(scorer.shape), new CallQueue(), new Round(scorer)];
  const runs = new Map<number, UnitRun>();
  const window = new Float32Array(scorer.window * unitWidth(request.settings));
  queue.start(request.blocks, book);
  for (let place = 0; place < queue.size; place += 1) {
    while (queue.next(place, book)) {
      round.clear();
      round.begin(place, queue, book, defaultPolicy.gapIntervals);
      const block = queue.given(queue.block);
      const how = {
        distrusted: request.excluded?.(block, queue.row) ?? false,
        teaches: request.taught?.(block, queue.row) ?? false,
      };
      for (let reading = 0; reading < round.readings.count; reading += 1) {
        const kind = replayReading({ round, reading, runs, how, window });
        if (kind !== null) request.visit(window, queue.time, kind);
      }
    }
  }
}

/** Readings in a row of a unit that are neither flagged nor excluded, and that are not excluded. */
interface UnitRun {
  quiet: number;
  included: number;
}

/** Scores a unit's reading and fills in its window. @returns what it may be used for */
function replayReading(replay: {
  readonly round: Round;
  readonly reading: number;
  readonly runs: Map<number, UnitRun>;
  readonly how: { readonly distrusted: boolean; readonly teaches: boolean };
  readonly window: Float32Array;
}): 'quiet' | 'taught' | null {
  const { round, reading, runs, how } = replay;
  const { readings, scorer } = round;
  const { window, shape } = scorer;
  const unit = readings.units[reading];
  if (unit === undefined) return null;
  const { i32 } = unit.memory;
  const gap = ((readings.marks[reading] ?? 0) & UnitMark.gap) !== 0;
  const usable =
    (i32[unit.at + rowCount] ?? 0) >= teachingReadings &&
    !gap &&
    hasWindow(unit.memory.u16[(unit.at << 1) + rowsSinceGap] ?? 0, window);
  const request = { shape, unit, window, back: 0 };
  if (usable) fillWindow(request, readings.values, reading * shape.width, replay.window, 0);
  scorer.finish(readings, reading, how.distrusted, null);
  const flagged = how.distrusted || ((readings.score[reading] ?? 0) > 0.5 && !isRestless(unit));
  const number = readings.numbers[reading] ?? 0;
  const run = runs.get(number) ?? { quiet: 0, included: 0 };
  run.quiet = flagged ? 0 : run.quiet + 1;
  run.included = how.distrusted ? 0 : run.included + 1;
  runs.set(number, run);
  if (!usable) return null;
  if (how.teaches) return run.included >= window ? 'taught' : null;
  return run.quiet >= window ? 'quiet' : null;
}

/**
 * Turns windows with their newest row shown into ones with it hidden: the row before stands in, as in
 * service when the engine asks what to expect.
 *
 * @param windows count × (window × width), row-major; changed in place
 */
export function hideNewestRows(windows: Float32Array, window: number, width: number): void {
  const size = window * width;
  for (let end = size; end <= windows.length; end += size) {
    windows.copyWithin(end - width, end - 2 * width, end - width);
  }
}
