import type { Sliced } from '@verdict/detection';
import type { HistoryRows, SeriesStatus } from '@verdict/storage';
import type { Snapshot } from './snapshot-codec.ts';
import { UnusableSnapshot } from './unusable-snapshot.ts';

/** A whole snapshot and the changes that follow it, oldest first. */
export type Chain<One> = readonly [One, ...One[]];

/** A partition's state after a whole snapshot and the changes that follow it. */
export interface ChainedState extends Pick<Snapshot, 'sequence' | 'model'> {
  /** In the order in which they were last read. */
  readonly series: readonly SeriesStatus[];
  /** Pieces of each series' tail, one behind the other. */
  readonly tails: ReadonlyMap<string, readonly HistoryRows[]>;
  /** What the engine wrote, each to be applied to those before. */
  readonly engine: Chain<Uint8Array>;
  readonly shadow: { readonly version: number; readonly engine: Chain<Uint8Array> } | null;
}

/** Leads a whole snapshot on by changes. @throws UnusableSnapshot when they do not belong together */
export function* joinChain(chain: Chain<Snapshot>): Sliced<ChainedState> {
  const [whole, ...changes] = chain;
  const series = new Map<string, SeriesStatus>();
  const tails = new Map<string, HistoryRows[]>();
  let before: Snapshot | null = null;
  for (const one of chain) {
    assertFollows(one, before);
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
      yield 'step';
    }
    before = one;
  }
  const { sequence, model } = before ?? whole;
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

function assertFollows(one: Snapshot, before: Snapshot | null): void {
  if ((one.after === null) !== (before === null))
    throw new UnusableSnapshot(before === null ? `it follows ${one.after}` : 'it follows nothing');
  if (before === null) return;
  if (one.sequence < before.sequence)
    throw new UnusableSnapshot(`changes up to ${one.sequence} do not follow ${before.sequence}`);
  if (one.model.version !== before.model.version || one.shadow?.version !== before.shadow?.version)
    throw new UnusableSnapshot('changes are of other versions than the snapshot that they follow');
}

function joinTail(before: HistoryRows[], kept: number, rows: HistoryRows): HistoryRows[] {
  if (kept === 0) return [rows];
  const there = before.reduce((sum, { times }) => sum + times.length, 0);
  if (there !== kept) throw new UnusableSnapshot(`changes follow ${kept} rows of a tail that has ${there}`);
  before.push(rows);
  return before;
}
