import type { PlatformClient } from '@verdict/platform-client';
import { type CalmScenario, stepMs } from './calm-scenario.ts';
import { waitUntil } from './wait-until.ts';

/** What became of the readings that were sent. */
export interface ReadingCount {
  readonly sent: number;
  /** As the partitions count them: each once, however often it was processed. */
  readonly committed: number;
  /** As the versions count what they scored for people, over all of them. */
  readonly scored: number;
  /** Repeated by us because an answer was lost, and dropped. */
  readonly repeated: number;
  /** Rows of history that are there once, at the right place. */
  readonly inHistory: number;
  /** Of those, rows without a score. */
  readonly unscored: number;
}

/** Waits until all that was sent before `toStep` is committed, then counts it in three ways. */
export async function countReadings(
  client: PlatformClient,
  { scenario, toStep, signal }: { scenario: CalmScenario; toStep: number; signal: AbortSignal },
): Promise<ReadingCount> {
  const { learn } = scenario.borders;
  const sent = scenario.series.length * (toStep - learn);
  const committed = async () => sum(await partitions(client), ({ readings }) => readings);
  let last = -1;
  await waitUntil(
    async () => {
      last = await committed();
      return last >= sent ? true : null;
    },
    { withinMs: 60_000, signal, otherwise: () => `${last} of ${sent} readings were committed` },
  ).catch((error: unknown) => {
    // The count says it.
    if (signal.aborted) throw error;
  });
  const all = await partitions(client);
  let inHistory = 0;
  let unscored = 0;
  for (const series of scenario.series) {
    const iso = (step: number) => new Date(step * stepMs).toISOString();
    const history = await client.history(series, { from: iso(learn), to: iso(toStep - 1), points: 0 });
    history.times.forEach((time, row) => {
      if (time !== (learn + row) * stepMs) return;
      inHistory += 1;
      if (!Number.isFinite(history.score[row])) unscored += 1;
    });
  }
  return {
    sent,
    committed: sum(all, ({ readings }) => readings),
    scored: sum(all, ({ figures }) => sum(figures, ({ readings }) => readings)),
    repeated: sum(all, ({ duplicates }) => duplicates),
    inHistory,
    unscored,
  };
}

async function partitions(client: PlatformClient) {
  return (await client.pools()).flatMap((pool) => pool.partitions);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
