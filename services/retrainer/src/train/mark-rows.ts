import { eventMargin, RowMark, rowAt, type TrainingBlock } from '@verdict/training';
import type { LabelEvent } from './label-events.ts';
import type { HistoryBlock } from './load-history.ts';

/** History with its rows marked. */
export interface MarkedHistory {
  readonly blocks: TrainingBlock[];
  /** The false alarms that are taught with at least one row. */
  readonly taught: readonly LabelEvent[];
}

/**
 * Marks what the rows of history may be used for. Real events, and those of which nobody can tell, are excluded with a
 * margin of eight rows, and win over everything. Rows of false alarms are taught or held back. What alarmed besides
 * (an alarm during a rest opens no anomaly) is excluded with its margin too, but takes no row from a false alarm.
 *
 * @param events as `labelEvents` sorts them: equal events give equal numbers
 */
export function markRows(blocks: readonly HistoryBlock[], events: readonly LabelEvent[]): MarkedHistory {
  const taught = events.filter(({ use }) => use === 'taught');
  const numbers = new Map(taught.map((event, index) => [event, index + 1]));
  const bySeries = Map.groupBy(events, ({ series }) => series);
  const marked = blocks.map((block) => markBlock(block, bySeries.get(block.series) ?? [], numbers));
  const present = new Set(marked.flatMap((block) => [...new Set(block.taught)]));
  return { blocks: marked, taught: taught.filter((_, index) => present.has(index + 1)) };
}

function markBlock(
  { alarms, ...block }: HistoryBlock,
  events: readonly LabelEvent[],
  numbers: ReadonlyMap<LabelEvent, number>,
): TrainingBlock {
  const marks = new Uint8Array(block.times.length);
  const taught = new Uint32Array(block.times.length);
  const withMargin = (from: number, to: number) => {
    marks.fill(RowMark.excluded, Math.max(0, from - eventMargin), to + eventMargin);
  };
  alarms.forEach((alarm, row) => {
    if (alarm !== 0) withMargin(row, row + 1);
  });
  const placed = events.map((event) => ({ event, rows: rowsWithin(block, event) }));
  for (const { event, rows } of placed) {
    if (event.use !== 'taught' && event.use !== 'held-back') continue;
    marks.fill(event.use === 'taught' ? RowMark.plain : RowMark.heldBack, ...rows);
    taught.fill(numbers.get(event) ?? 0, ...rows);
  }
  for (const { event, rows } of placed) {
    if (event.use === 'taught' || event.use === 'held-back' || rows[0] === rows[1]) continue;
    withMargin(...rows);
    taught.fill(0, Math.max(0, rows[0] - eventMargin), rows[1] + eventMargin);
  }
  return { ...block, marks, taught };
}

/** First row of a stretch, and the one behind its last. */
function rowsWithin(block: TrainingBlock, { fromMs, toMs }: LabelEvent): [number, number] {
  return [rowAt(block, fromMs), rowAt(block, toMs + 1)];
}
