import type { Clock } from '@verdict/process';
import type { PlanStore, PoolState, SeriesRow, SeriesStore } from '@verdict/storage';
import { keptAnswer } from '../kept-answer.ts';

/** Where a series is served. */
export interface SeriesPlace {
  readonly row: SeriesRow;
  /** Address of the detector that holds its partition; null when nobody does. */
  readonly address: string | null;
}

/** Finds out which detector holds a series; leases are looked at once a second at most. */
export interface SeriesLocator {
  /** Null when no detector has ever seen the series. */
  find(series: string): Promise<SeriesPlace | null>;
}

const rowKeptMs = 5000;
const poolKeptMs = 1000;
const maxKept = 5000;

/** Makes the locator. */
export function seriesLocator(parts: { series: SeriesStore; plans: PlanStore; clock: Clock }): SeriesLocator {
  const { series: store, plans, clock } = parts;
  const rows = new Map<string, { get(): Promise<SeriesRow | null> }>();
  const pools = new Map<string, { get(): Promise<PoolState> }>();
  const rowOf = (series: string): Promise<SeriesRow | null> =>
    remembered(rows, series, () => keptAnswer(() => store.get(series), rowKeptMs, clock.monotonicMs)).get();
  const stateOf = (pool: string): Promise<PoolState> =>
    remembered(pools, pool, () =>
      keptAnswer(() => plans.poolState(pool), poolKeptMs, clock.monotonicMs),
    ).get();
  return {
    async find(series) {
      const row = await rowOf(series);
      if (row === null) {
        // A new series is to be seen as soon as it is there.
        rows.delete(series);
        return null;
      }
      const state = await stateOf(row.pool);
      const partition = state.partitions.find((one) => one.partition === row.partition);
      return { row, address: partition?.address ?? null };
    },
  };
}

function remembered<T>(memory: Map<string, T>, key: string, make: () => T): T {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= maxKept) memory.clear();
  const made = make();
  memory.set(key, made);
  return made;
}
