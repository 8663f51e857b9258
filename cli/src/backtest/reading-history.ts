import { type AnomalyChange, ReadingFlag, type ScoredBlock } from '@verdict/detection';
import { eventMargin, RowMark, type TrainingBlock } from '@verdict/training';

/** The scored readings of one series that a training may look back on, with what alarmed among them. */
export class ReadingHistory {
  readonly #most: number;
  readonly #blocks: ScoredBlock[] = [];
  readonly #anomalies: { startMs: number; endMs: number }[] = [];
  #kept = 0;

  /** @param most readings that are kept at least, where there are as many */
  constructor(most: number) {
    this.#most = most;
  }

  add(block: ScoredBlock, changes: readonly AnomalyChange[]): void {
    this.#blocks.push(block);
    this.#kept += block.times.length;
    for (;;) {
      const oldest = this.#blocks[0]?.times.length ?? 0;
      if (oldest === 0 || this.#kept - oldest < this.#most) break;
      this.#blocks.shift();
      this.#kept -= oldest;
    }
    for (const { kind, startTime, endTime } of changes)
      if (kind === 'closed') this.#anomalies.push({ startMs: startTime, endMs: endTime });
  }

  /**
   * The newest readings as one block to learn from. As in service nobody has judged the alarms yet, so all of them
   * are left out with their margins.
   * @param open the anomaly that is open now
   */
  toLearnFrom(open: AnomalyChange | null): TrainingBlock | null {
    const [first] = this.#blocks;
    if (first === undefined) return null;
    const { series, signals } = first;
    const skip = Math.max(0, this.#kept - this.#most);
    const times = joined(Float64Array, this.#blocks, 'times').subarray(skip);
    const values = joined(Float32Array, this.#blocks, 'values').subarray(skip * signals.length);
    const flags = joined(Uint8Array, this.#blocks, 'flags').subarray(skip);
    const marks = new Uint8Array(times.length);
    const exclude = (from: number, behind: number) =>
      marks.fill(RowMark.excluded, Math.max(0, from - eventMargin), behind + eventMargin);
    flags.forEach((flag, row) => {
      if ((flag & ReadingFlag.alarm) !== 0) exclude(row, row + 1);
    });
    const spans = open === null ? [] : [{ startMs: open.startTime, endMs: open.endTime }];
    for (const { startMs, endMs } of [...this.#anomalies, ...spans]) {
      const from = times.findIndex((time) => time >= startMs);
      const behind = times.findLastIndex((time) => time <= endMs) + 1;
      if (from >= 0 && behind > from) exclude(from, behind);
    }
    return { series, signals, times, values, marks };
  }
}

type Column = Float64Array | Float32Array | Uint8Array;

function joined<T extends Column>(
  make: new (length: number) => T,
  blocks: readonly ScoredBlock[],
  name: 'times' | 'values' | 'flags',
): T {
  const all = new make(blocks.reduce((sum, block) => sum + block[name].length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block[name], at);
    at += block[name].length;
  }
  return all;
}
