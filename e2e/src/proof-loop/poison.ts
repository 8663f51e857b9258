import type { ModelManifest, PoolView } from '@verdict/contracts';
import { until } from '../platform/until.ts';
import type { Arm } from './arm.ts';
import type { Feed } from './feed.ts';
import { type PoisonedNet, poisonedNets } from './poisoned-nets.ts';
import { putVersion } from './put-version.ts';
import type { Scenario } from './scenario.ts';

/** What became of one poisoned candidate. */
export interface PoisonOutcome {
  readonly name: string;
  readonly version: number;
  /** From its first committed reading, or first failure, to its being taken back; null = it was not. */
  readonly takenBackAfterMs: number | null;
  readonly reason: string;
  readonly partitions: number;
  readonly readings: number;
  readonly anomalies: number;
  readonly alarms: number;
  readonly errors: number;
  /** Partitions that the champion does not serve afterwards. */
  readonly notReturned: number;
}

const patienceMs = 90_000;

/** Puts each poisoned net into a platform whose readings flow, and waits until the platform has got rid of it. */
export async function tryPoisons(
  { arm, feed, scenario }: { arm: Arm; feed: Feed; scenario: Scenario },
  say: (line: string) => void,
): Promise<PoisonOutcome[]> {
  const champion = await championOf(arm);
  const { manifest } = champion;
  const outcomes: PoisonOutcome[] = [];
  for (const net of poisonedNets(manifest.window, scenario)) {
    const outcome = await tryPoison({ arm, feed, net, champion: manifest });
    const after = outcome.takenBackAfterMs;
    say(
      `  candidate ${outcome.version}, which ${outcome.name}: ${after === null ? 'NOT taken back' : `taken back after ${(after / 1000).toFixed(1)} s`} (${outcome.reason})`,
    );
    outcomes.push(outcome);
  }
  return outcomes;
}

async function championOf({ client }: Arm): Promise<{ manifest: ModelManifest }> {
  const [model] = await client.models();
  const version = model && model.champion > 0 ? await client.version(model.name, model.champion) : null;
  if (!version?.manifest) throw new Error('there is no learnt champion that could be poisoned');
  return { manifest: version.manifest };
}

async function tryPoison(request: {
  arm: Arm;
  feed: Feed;
  net: PoisonedNet;
  champion: ModelManifest;
}): Promise<PoisonOutcome> {
  const { arm, feed, net, champion } = request;
  const { client, platform } = arm;
  const version = await putVersion(platform.dataFolder, champion, net.onnx);
  const look = async (): Promise<PoolView> => {
    feed.check();
    const [pool] = await client.pools();
    if (!pool) throw new Error('the pool is gone');
    return pool;
  };
  const takenBack = await until(
    patienceMs,
    async () => {
      const pool = await look();
      const state = pool.rollout.state;
      return state?.lastAbort?.version === version ? state.lastAbort : null;
    },
    () => '',
  ).catch(() => null);
  const others = (pool: PoolView) =>
    pool.partitions.filter(
      ({ version: served, planned }) =>
        served !== null && (served !== champion.version || planned.version !== champion.version),
    );
  await until(
    20_000,
    async () => (others(await look()).length === 0 ? true : null),
    () => '',
  ).catch(() => undefined);
  const pool = await look();
  const lives = pool.partitions.flatMap(({ figures }) => figures.filter((one) => one.version === version));
  const sum = (key: 'readings' | 'anomalies' | 'alarms' | 'errors') =>
    lives.reduce((total, life) => total + life[key], 0);
  const sinceMs = Math.min(...lives.map(({ since }) => Date.parse(since)));
  return {
    name: net.name,
    version,
    takenBackAfterMs: takenBack && lives.length > 0 ? takenBack.atMs - sinceMs : null,
    reason: takenBack?.reason ?? 'nothing was said',
    partitions: lives.length,
    readings: sum('readings'),
    anomalies: sum('anomalies'),
    alarms: sum('alarms'),
    errors: sum('errors'),
    notReturned: others(pool).length,
  };
}
