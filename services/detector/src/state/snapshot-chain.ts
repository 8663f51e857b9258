import type { HistoryRows, SeriesStatus } from '@verdict/storage';
import type { SnapshotChanges } from './changes-codec.ts';
import { type Snapshot, UnusableSnapshot } from './snapshot-codec.ts';

/** A partition's state after a whole snapshot and the changes that follow it. */
export interface ChainedState extends Omit<Snapshot, 'tails' | 'engine' | 'shadow'> {
  /** Pieces of each series' tail, one behind the other. */
  readonly tails: ReadonlyMap<string, readonly HistoryRows[]>;
  /** Bytes of the whole snapshot, and of the changes to be applied to it, in this order. */
  readonly engine: readonly [Uint8Array, ...Uint8Array[]];
  readonly shadow: {
    readonly version: number;
    readonly engine: readonly [Uint8Array, ...Uint8Array[]];
  } | null;
}

/** Leads a whole snapshot on by changes, oldest first. @throws UnusableSnapshot when they do not belong together */
export function joinChain(whole: Snapshot, changes: readonly SnapshotChanges[]): ChainedState {
  const series = new Map<string, SeriesStatus>(whole.series.map((status) => [status.series, status]));
  const tails = new Map<string, HistoryRows[]>(whole.tails.map((tail) => [tail.series, [tail.rows]]));
  let { sequence, model } = whole;
  for (const one of changes) {
    if (one.sequence < sequence)
      throw new UnusableSnapshot(`changes up to ${one.sequence} do not follow ${sequence}`);
    if (one.model.version !== model.version || one.shadow?.version !== whole.shadow?.version)
      throw new UnusableSnapshot('changes are of other versions than the snapshot that they follow');
    for (const key of one.gone) {
      series.delete(key);
      tails.delete(key);
    }
    for (const { status, tail } of one.series) {
      const key = status.series;
      // Deleted first: the order is that of the last readings.
      series.delete(key);
      series.set(key, status);
      if (tail === null) tails.delete(key);
      else tails.set(key, joinTail(tails.get(key) ?? [], tail.kept, tail.rows));
    }
    ({ sequence, model } = one);
  }
  const { shadow } = whole;
  return {
    sequence,
    model,
    series: [...series.values()],
    tails,
    engine: [whole.engine, ...changes.map(({ engine }) => engine)],
    shadow: shadow && {
      version: shadow.version,
      engine: [shadow.engine, ...changes.flatMap((one) => (one.shadow === null ? [] : [one.shadow.engine]))],
    },
  };
}

function joinTail(before: HistoryRows[], kept: number, rows: HistoryRows): HistoryRows[] {
  if (kept === 0) return [rows];
  const there = before.reduce((sum, { times }) => sum + times.length, 0);
  if (there !== kept) throw new UnusableSnapshot(`changes follow ${kept} rows of a tail that has ${there}`);
  before.push(rows);
  return before;
}
