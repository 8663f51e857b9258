import { type DetectionSettings, inputWidth, replayWindows, type SeriesBlock } from '@verdict/detection';
import { Reservoir } from './reservoir.ts';
import type { SeededRandom } from './seeded-random.ts';
import { TaughtWindows, taughtShare, withTaught } from './taught-windows.ts';
import { bySeries, RowMark, type TrainingBlock } from './training-block.ts';

export interface SampleRequest {
  readonly blocks: readonly TrainingBlock[];
  readonly settings: DetectionSettings;
  /** Quiet windows that end at this event time or later are held back, those that overlap it are left out. */
  readonly heldBackFrom: number;
  readonly most: number;
  readonly random: SeededRandom;
}

/** Windows, count × input width, row-major, newest row shown. */
export interface WindowSample {
  /** Quiet ones, and behind them the taught ones with their weight. */
  readonly training: Float32Array;
  readonly heldBack: Float32Array;
  /** Quiet windows in the history, of which at most `most` were taken. */
  readonly found: number;
  /** Windows among the ones to train on that are quiet ones. */
  readonly quiet: number;
  /** Numbers of the false alarms that have windows, ascending. */
  readonly falseAlarms: readonly number[];
}

/** Of every sample this part is held back. */
export const heldBackShare = 0.2;

/**
 * Draws quiet windows from history, each with the same chance, series in the order of their keys; adds the windows of
 * taught false alarms, from wherever they lie: what is held back of those is whole false alarms, not the newest time.
 */
export function sampleWindows(request: SampleRequest): WindowSample {
  const { settings, random, most, heldBackFrom } = request;
  const width = inputWidth(settings);
  const wanted = countTaught(request.blocks);
  const room = Math.floor(most * (1 - heldBackShare));
  const forTaught = Math.ceil(room * taughtShare(wanted));
  const quiet = new Reservoir(room - forTaught, width, random);
  const heldBack = new Reservoir(Math.floor(most * heldBackShare), width, random);
  const taught = new TaughtWindows(wanted > 0 ? Math.ceil(forTaught / wanted) : 0, width, random);
  for (const blocks of bySeries(request.blocks)) {
    const wholeFrom = wholeWindowsFrom(blocks, heldBackFrom, settings.window);
    const falseAlarms = falseAlarmsByTime(blocks);
    const marks = new Map<SeriesBlock, TrainingBlock>(blocks.map((block) => [block, block]));
    replayWindows({
      blocks,
      settings,
      excluded: (block, row) => (marks.get(block)?.marks?.[row] ?? RowMark.plain) !== RowMark.plain,
      taught: (block, row) => (marks.get(block)?.taught?.[row] ?? 0) > 0,
      visit: (window, time, kind) => {
        if (kind === 'taught') taught.offer(falseAlarms.get(time) ?? 0, window);
        else if (time < heldBackFrom) quiet.offer(window);
        else if (time >= wholeFrom) heldBack.offer(window);
      },
    });
  }
  const lessons = taught.taken();
  const quietWindows = quiet.taken();
  return {
    training: withTaught(
      quietWindows,
      lessons.map(({ windows }) => windows),
      width,
    ),
    heldBack: heldBack.taken(),
    found: quiet.offered + heldBack.offered,
    quiet: quietWindows.length / width,
    falseAlarms: lessons.map(({ falseAlarm }) => falseAlarm),
  };
}

function countTaught(blocks: readonly TrainingBlock[]): number {
  const known = new Set<number>();
  for (const { taught } of blocks) for (const one of taught ?? []) if (one > 0) known.add(one);
  return known.size;
}

function falseAlarmsByTime(blocks: readonly TrainingBlock[]): Map<number, number> {
  const known = new Map<number, number>();
  for (const { taught, times } of blocks) {
    taught?.forEach((one, row) => {
      if (one > 0) known.set(times[row] ?? Number.NaN, one);
    });
  }
  return known;
}

/** Event time from which on windows share no row with what lies before the border. */
function wholeWindowsFrom(blocks: readonly SeriesBlock[], heldBackFrom: number, window: number): number {
  const behind = blocks.flatMap(({ times }) => [...times.filter((time) => time >= heldBackFrom)]);
  return behind[window - 1] ?? Number.POSITIVE_INFINITY;
}
