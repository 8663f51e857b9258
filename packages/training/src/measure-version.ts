import { quantile, ReadingFlag, type ScoredBlock } from '@verdict/detection';
import type { Probe } from './probes.ts';
import type { TrainingBlock } from './window-sample.ts';

export interface QuietMeasure {
  readings: number;
  alarms: number;
  scores: number;
  /** Sum of |value − expected| over the signal's 5 to 95 % span, and of how many values. */
  error: number;
  values: number;
}

/** Sums up what a version said about quiet readings; rows flagged in the history and warming ones do not count. */
export function measureQuiet(held: readonly TrainingBlock[], scored: readonly ScoredBlock[]): QuietMeasure {
  const sum: QuietMeasure = { readings: 0, alarms: 0, scores: 0, error: 0, values: 0 };
  const flagged = new Set<string>();
  for (const { series, times, flags } of held) {
    flags?.forEach((flag, row) => {
      if (flag !== 0) flagged.add(`${series}\n${times[row]}`);
    });
  }
  for (const block of scored) {
    const spans = block.signals.map((_, column) => spanOf(block, column));
    block.times.forEach((time, row) => {
      const flags = block.flags[row] ?? 0;
      if ((flags & ReadingFlag.warming) !== 0 || flagged.has(`${block.series}\n${time}`)) return;
      sum.readings += 1;
      sum.alarms += flags & ReadingFlag.alarm;
      sum.scores += block.score[row] ?? 0;
      spans.forEach((span, column) => {
        const at = row * spans.length + column;
        const error = Math.abs((block.values[at] ?? Number.NaN) - (block.expected[at] ?? Number.NaN)) / span;
        if (!Number.isFinite(error)) return;
        sum.error += error;
        sum.values += 1;
      });
    });
  }
  return sum;
}

function spanOf({ values, signals, times }: ScoredBlock, column: number): number {
  const known: number[] = [];
  for (let row = 0; row < times.length; row += 1) {
    const value = values[row * signals.length + column] ?? Number.NaN;
    if (!Number.isNaN(value)) known.push(value);
  }
  known.sort((a, b) => a - b);
  return quantile(known, 0.95) - quantile(known, 0.05);
}

/** A probe counts as found up to this many readings after its end. */
const graceRows = 1;

/** How many probes a version alarmed on. */
export function countFound(
  probes: readonly Probe[],
  blocks: readonly TrainingBlock[],
  scored: readonly ScoredBlock[],
): number {
  const alarms = new Map<string, number[]>();
  for (const { series, times, flags } of scored) {
    const known = alarms.get(series) ?? [];
    times.forEach((time, row) => {
      if (((flags[row] ?? 0) & ReadingFlag.alarm) !== 0) known.push(time);
    });
    alarms.set(series, known);
  }
  return probes.filter((probe) => {
    const block = blocks[probe.block];
    if (block === undefined) return false;
    const from = block.times[probe.from] ?? Number.NaN;
    const to = block.times[Math.min(probe.to + graceRows, block.times.length) - 1] ?? Number.NaN;
    return (alarms.get(block.series) ?? []).some((time) => time >= from && time <= to);
  }).length;
}
