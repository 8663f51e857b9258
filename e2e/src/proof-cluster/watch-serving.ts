import { setTimeout as sleep } from 'node:timers/promises';
import type { PoolView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';

/** How the partitions were served over some time, as the platform tells it. */
export interface ServingWatch {
  readonly newest: () => PoolView | null;
  /** Longest time without a single newly committed reading, ms. */
  readonly longestStillMs: () => number;
  /** Most partitions that any version but the champion served at a time. */
  readonly mostBeside: (champion: number) => number;
  stop(): Promise<void>;
}

const everyMs = 300;

/** Looks at one pool again and again until it is stopped. */
export function watchServing(client: PlatformClient, name: string): ServingWatch {
  let newest: PoolView | null = null;
  let longestStillMs = 0;
  let readings = -1;
  let movedAtMs = performance.now();
  const served = new Map<number, number>();
  let stopping = false;
  const look = async (): Promise<void> => {
    const pool = (await client.pools()).find((one) => one.name === name);
    if (!pool) return;
    newest = pool;
    const now = pool.partitions.reduce((sum, one) => sum + one.readings, 0);
    if (readings >= 0) longestStillMs = Math.max(longestStillMs, performance.now() - movedAtMs);
    if (now !== readings) movedAtMs = performance.now();
    readings = now;
    const versions = Map.groupBy(pool.partitions, ({ version }) => version ?? 0);
    for (const [version, all] of versions)
      served.set(version, Math.max(served.get(version) ?? 0, all.length));
  };
  const live = async (): Promise<void> => {
    while (!stopping) {
      await look();
      await sleep(everyMs);
    }
  };
  const ended = live();
  // Whoever stops it sees it.
  ended.catch(() => undefined);
  return {
    newest: () => newest,
    longestStillMs: () => longestStillMs,
    mostBeside: (champion) =>
      [...served].reduce(
        (most, [version, count]) => (version === champion ? most : Math.max(most, count)),
        0,
      ),
    async stop() {
      stopping = true;
      await ended;
    },
  };
}
