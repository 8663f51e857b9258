import type { PoolView } from '@verdict/contracts';
import { poisonedNets } from '../proof-loop/poisoned-nets.ts';
import { putCandidate } from './put-candidate.ts';
import type { Run } from './run.ts';
import { failureLimit, intervalSeconds, shop } from './shop-manifests.ts';
import { waitUntil } from './wait-until.ts';
import { watchServing } from './watch-serving.ts';

/** What became of a candidate that alarms on everything. */
export interface PoisonOutcome {
  readonly version: number;
  /** From its first scored reading to its being taken back. */
  readonly abortedAfterMs: number;
  /** From then on until no partition has it any more, neither in force nor beside. */
  readonly goneAfterMs: number;
  readonly reason: string;
  readonly longestStillMs: number;
  /** Most partitions that it served people from at a time. */
  readonly served: number;
}

/**
 * Puts a net that floods people into the running platform by hand, and waits until the platform has got rid of it.
 * With its shadow, nobody ever hears of it; without, it comes as far as the first partition.
 */
export async function tryPoison(run: Run, champion: number): Promise<PoisonOutcome> {
  const { client, kube, scenario, signal, steps } = run;
  const { manifest } = await client.version(shop, champion);
  if (!manifest) throw new Error(`version ${champion} has no manifest`);
  const net = poisonedNets(manifest.window, scenario).find(({ name }) => name === 'floods people');
  if (!net) throw new Error('there is no net that floods people');
  const version = await putCandidate(kube, shop, { like: manifest, onnx: net.onnx });
  steps.tell(`version ${version} is in the registry, accepted by hand`);
  const serving = watchServing(client, shop);
  try {
    const abort = await waitUntil(
      () => {
        const state = serving.newest()?.rollout.state;
        return state?.lastAbort?.version === version ? state.lastAbort : null;
      },
      {
        withinMs: 120_000,
        everyMs: 100,
        signal,
        otherwise: () => `version ${version} was not taken back: ${story(serving.newest())}`,
      },
    );
    const goneAtMs = await waitUntil(
      () => {
        const pool = serving.newest();
        const free = pool?.partitions.every(
          (one) => one.version === champion && one.shadow !== version && one.planned.version === champion,
        );
        return free ? Date.now() : null;
      },
      { withinMs: 60_000, everyMs: 100, signal, otherwise: () => `version ${version} did not go` },
    );
    const pool = serving.newest();
    if (!pool) throw new Error('the pool is gone');
    return {
      version,
      abortedAfterMs: abort.atMs - firstScoredMs(pool, version),
      goneAfterMs: goneAtMs - abort.atMs,
      reason: abort.reason,
      longestStillMs: Math.round(serving.longestStillMs()),
      served: serving.mostBeside(champion),
    };
  } finally {
    await serving.stop();
  }
}

/** The failure limit is reached at the end of as many intervals; one more is allowed. */
export const mostAbortMs = (failureLimit + 1) * intervalSeconds * 1000;
export const mostGoneMs = intervalSeconds * 1000;

function firstScoredMs(pool: PoolView, version: number): number {
  const times = pool.partitions.flatMap(({ figures, shadows }) => [
    ...figures.filter((one) => one.version === version).map(({ since }) => Date.parse(since)),
    ...shadows.filter((one) => one.shadow === version).map(({ since }) => Date.parse(since)),
  ]);
  return Math.min(...times);
}

function story(pool: PoolView | null): string {
  const state = pool?.rollout.state;
  const events = pool?.rollout.events.slice(-5).map(({ reason, message }) => `${reason}: ${message}`) ?? [];
  return `${state?.phase} ${state?.candidate}, ${events.join(' | ')}`;
}
