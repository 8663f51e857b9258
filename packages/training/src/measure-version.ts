import { quantile, ReadingFlag, type ScoredBlock } from '@verdict/detection';
import { RowMark, type TrainingBlock } from './training-block.ts';

/** Sums over quiet readings: those that are not, and cannot be, part of an anomaly. */
export interface QuietMeasure {
  /** Readings scored, warming ones left out. */
  readings: number;
  alarms: number;
  scores: number;
  /** Sum of |value − expected| over the signal's 5 to 95 % span, and of how many values. */
  error: number;
  values: number;
}

/** Which readings are quiet ones, and how far the signals usually reach. */
export class QuietReadings {
  readonly #excluded = new Map<string, Set<number>>();
  readonly #spans = new Map<string, ReadonlyMap<string, number>>();

  constructor(blocks: readonly TrainingBlock[]) {
    for (const block of blocks) {
      const known = this.#excluded.get(block.series) ?? new Set();
      this.#excluded.set(block.series, known);
      block.marks?.forEach((mark, row) => {
        if (mark === RowMark.excluded) known.add(block.times[row] ?? Number.NaN);
      });
      this.#spans.set(
        block.series,
        new Map(block.signals.map((name, column) => [name, spanOf(block, column)])),
      );
    }
  }

  /** Adds what a version said about quiet readings. */
  measure(scored: readonly ScoredBlock[], sum: QuietMeasure): void {
    for (const block of scored) {
      const excluded = this.#excluded.get(block.series);
      const spans = block.signals.map((name) => this.#spans.get(block.series)?.get(name) ?? Number.NaN);
      block.times.forEach((time, row) => {
        const flags = block.flags[row] ?? 0;
        if ((flags & ReadingFlag.warming) !== 0 || excluded?.has(time)) return;
        sum.readings += 1;
        sum.alarms += flags & ReadingFlag.alarm;
        sum.scores += block.score[row] ?? 0;
        spans.forEach((span, column) => {
          const at = row * spans.length + column;
          const error =
            Math.abs((block.values[at] ?? Number.NaN) - (block.expected[at] ?? Number.NaN)) / span;
          if (!Number.isFinite(error)) return;
          sum.error += error;
          sum.values += 1;
        });
      });
    }
  }

  /** Whether a stretch, both ends included, has no reading that is excluded. */
  isQuiet(series: string, fromMs: number, toMs: number): boolean {
    for (const time of this.#excluded.get(series) ?? []) if (time >= fromMs && time <= toMs) return false;
    return true;
  }
}

function spanOf({ values, signals, times }: TrainingBlock, column: number): number {
  const known: number[] = [];
  for (let row = 0; row < times.length; row += 1) {
    const value = values[row * signals.length + column] ?? Number.NaN;
    if (!Number.isNaN(value)) known.push(value);
  }
  known.sort((a, b) => a - b);
  return quantile(known, 0.95) - quantile(known, 0.05);
}
