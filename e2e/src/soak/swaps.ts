import type { PartitionPlan } from '@verdict/contracts';
import type { Scenario } from '../proof-stream/scenario.ts';
import { poolName } from './parts/environment.ts';
import type { SoakPlatform } from './parts/soak-platform.ts';
import { pause } from './pause.ts';

/** How long a change is asked for while everything is being killed. */
const patienceMs = 25_000;
const againMs = 400;
/** Anomalies that are called false alarms at once. */
const mostChosen = 6;

/** Versions and shadows that a partition may get; the first has the highest share. */
const choices: readonly Pick<PartitionPlan, 'version' | 'shadow'>[] = [
  { version: 1, shadow: null },
  { version: 2, shadow: null },
  { version: 2, shadow: 1 },
  { version: 1, shadow: 2 },
  { version: 0, shadow: 1 },
  { version: 1, shadow: 0 },
];

/** Plans a version and perhaps a shadow for every partition, as the operator does; a gateway that is away is waited for. */
export async function changeVersions(
  { client }: SoakPlatform,
  draws: readonly number[],
  signal: AbortSignal,
): Promise<void> {
  const partitions = Object.fromEntries(
    draws.map((draw, partition): [string, PartitionPlan] => {
      const choice = choices[Math.floor(draw * choices.length)] ?? { version: 1, shadow: null };
      return [String(partition), { ...choice, fallback: null }];
    }),
  );
  await insist(signal, async () => {
    const pool = (await client.pools()).find(({ name }) => name === poolName);
    // Null: the answer to the write before was lost, and it is in force.
    return pool !== undefined && (await client.writePlan(poolName, pool.plan.revision, partitions)) !== null;
  });
}

/** What was called a false alarm so far. */
export interface FalseAlarms {
  readonly client: SoakPlatform['client'];
  readonly scenario: Scenario;
  /** Ids with the verdict that stands. */
  readonly verdicts: Map<string, 'false' | 'withdrawn'>;
}

/** Calls some closed anomalies false alarms, or takes back all that were called so. */
export async function callFalseAlarms(
  { client, scenario, verdicts }: FalseAlarms,
  withdraw: boolean,
  signal: AbortSignal,
): Promise<void> {
  await insist(signal, async () => {
    const ids = withdraw
      ? [...verdicts].filter(([, verdict]) => verdict === 'false').map(([id]) => id)
      : (await client.anomalies({ state: 'closed', limit: 500 })).items
          .filter(({ id, series }) => scenario.isQuieted(series) && !verdicts.has(id))
          .map(({ id }) => id)
          .slice(0, mostChosen);
    for (const anomalyId of ids) {
      const verdict = withdraw ? 'withdrawn' : 'false';
      await client.sendFeedback({ anomalyId, verdict });
      verdicts.set(anomalyId, verdict);
    }
    return true;
  });
}

/** Tries until it is done, for a bounded time: the next change is as good when it never is. */
async function insist(signal: AbortSignal, act: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!signal.aborted && performance.now() < deadline) {
    if (await act().catch(() => false)) return;
    await pause(againMs, signal);
  }
}
