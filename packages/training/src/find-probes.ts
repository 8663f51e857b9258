import { ReadingFlag, type ScoredBlock } from '@verdict/detection';
import type { Probe } from './probes.ts';
import type { TrainingBlock } from './training-block.ts';

/** Event times of readings per series. */
type TimesBySeries = ReadonlyMap<string, ReadonlySet<number>>;

/** A probe belongs to readings up to this many after its end. */
const graceRows = 1;

/** Adds the event times of readings with this flag. */
function addFlagged(times: Map<string, Set<number>>, scored: readonly ScoredBlock[], flag: number): void {
  for (const block of scored) {
    const known = times.get(block.series) ?? new Set();
    times.set(block.series, known);
    block.flags.forEach((flags, row) => {
      if ((flags & flag) !== 0) known.add(block.times[row] ?? Number.NaN);
    });
  }
}

/** Alarms and quieted alarms of one version over the same history. */
export class FlaggedTimes {
  readonly alarms = new Map<string, Set<number>>();
  readonly quieted = new Map<string, Set<number>>();

  add(scored: readonly ScoredBlock[]): void {
    addFlagged(this.alarms, scored, ReadingFlag.alarm);
    addFlagged(this.quieted, scored, ReadingFlag.quieted);
  }
}

/** Whether any reading of a probe, or the one after it, is among the times. */
export function isAmong(probe: Probe, blocks: readonly TrainingBlock[], times: TimesBySeries): boolean {
  const block = blocks[probe.block];
  const known = block && times.get(block.series);
  if (block === undefined || known === undefined || known.size === 0) return false;
  const rows = block.times.subarray(probe.from, Math.min(probe.to + graceRows, block.times.length));
  return rows.some((time) => known.has(time));
}
