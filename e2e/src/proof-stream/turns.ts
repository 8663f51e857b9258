import type { PoolView } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { until } from '../platform/until.ts';
import { overlaysInForce } from './overlays-in-force.ts';
import { poolName, type Scenario } from './scenario.ts';
import { sendSteps } from './sender.ts';

/** A moment in the stream: everything before it is scored, then something changes, then the stream goes on. */
interface Turn {
  readonly step: number;
  readonly name: string;
  /** Asks for the change; may be asked again. */
  readonly ask: (pool: PoolView) => Promise<unknown>;
  /** Whether it is in force on every partition. */
  readonly done: (pool: PoolView) => Promise<boolean>;
}

export interface Turns {
  readonly all: readonly Turn[];
  /** Ids of the anomalies that were called false alarms, sorted; empty before. */
  readonly chosen: () => readonly string[];
}

/** Number of turns, and about how long one takes. */
export const turnCount = 4;
export const turnMs = 4000;

/** Longest time that a turn may take while everything is being killed. */
const patienceMs = 120_000;
/** Anomalies that are called false alarms. */
const mostChosen = 30;

/**
 * What changes in the middle of the stream, in both runs at the same steps: some anomalies are called false alarms, the
 * pool is rolled back to the built-in version, then to the learnt one again, and the verdicts are withdrawn.
 */
export function makeTurns(parts: {
  client: PlatformClient;
  scenario: Scenario;
  /** Of an admin. */
  token: () => Promise<string>;
}): Turns {
  const { client, scenario, token } = parts;
  const { test, end } = scenario.borders;
  const at = (share: number) => Math.round(test + share * (end - test));
  let chosen: readonly string[] = [];

  const answer = async (verdict: 'false' | 'withdrawn'): Promise<void> => {
    if (chosen.length === 0) chosen = await choose(client, scenario);
    for (const anomalyId of chosen) await client.sendFeedback({ anomalyId, verdict });
  };
  const remembered = async (pool: PoolView, wanted: boolean): Promise<boolean> => {
    for (const id of chosen) if (((await client.receipt(id)).memory !== null) !== wanted) return false;
    return overlaysInForce(pool, await token());
  };
  const rollBack = (share: number, version: number): Turn => ({
    step: at(share),
    name: `every partition returns to version ${version}`,
    ask: () => client.commandRollout(poolName, { kind: 'rollback', version }),
    done: async ({ partitions, rollout }) =>
      rollout.state?.champion === version &&
      rollout.commands.length === 0 &&
      partitions.every((one) => one.version === null || one.version === version),
  });
  return {
    chosen: () => chosen,
    all: [
      {
        step: at(0.2),
        name: 'some anomalies are called false alarms',
        ask: () => answer('false'),
        done: (pool) => remembered(pool, true),
      },
      rollBack(0.4, 0),
      rollBack(0.6, 1),
      {
        step: at(0.8),
        name: 'the verdicts are withdrawn',
        ask: () => answer('withdrawn'),
        done: (pool) => remembered(pool, false),
      },
    ],
  };
}

/** Closed anomalies of the series on which alarms are to be kept quiet, by id. */
async function choose(client: PlatformClient, scenario: Scenario): Promise<string[]> {
  const from = new Date(scenario.borders.test * 1000).toISOString();
  const page = await client.anomalies({ from, state: 'closed', limit: 500 });
  const ids = page.items.filter(({ series }) => scenario.isQuieted(series)).map(({ id }) => id);
  return ids.sort().slice(0, mostChosen);
}

/** Sends the test phase, and does what is to be done at each turn. */
export async function sendWithTurns(parts: {
  client: PlatformClient;
  scenario: Scenario;
  turns: Turns;
  paceMs: number;
}): Promise<{ acknowledged: number; repeated: number }> {
  const { client, scenario, turns, paceMs } = parts;
  const sent = { acknowledged: 0, repeated: 0 };
  let from = scenario.borders.test;
  for (const turn of [...turns.all, null]) {
    const to = turn?.step ?? scenario.borders.end;
    const part = await sendSteps({ client, scenario, from, to, paceMs });
    sent.acknowledged += part.acknowledged;
    sent.repeated += part.repeated;
    from = to;
    if (!turn) break;
    await take(turn, client, (to - scenario.borders.learn) * scenario.shop.series.length);
  }
  return sent;
}

/** Waits until all that was sent is scored, asks for the change and waits until it is in force. */
async function take(turn: Turn, client: PlatformClient, sent: number): Promise<void> {
  const look = async (ask: (pool: PoolView) => Promise<boolean>): Promise<true | null> => {
    try {
      const [pool] = await client.pools();
      return pool && (await ask(pool)) ? true : null;
    } catch {
      // Something was just killed: the next look tells, and the wait is bounded.
      return null;
    }
  };
  const scored = async ({ partitions }: PoolView) =>
    partitions.reduce((sum, { readings }) => sum + readings, 0) >= sent;
  await until(
    patienceMs,
    () => look(scored),
    () => `${turn.name}: what was sent before is not scored in time`,
  );
  await until(
    patienceMs,
    () => look(async (pool) => turn.ask(pool).then(() => true)),
    () => `${turn.name}: nobody takes it`,
  );
  await until(
    patienceMs,
    () => look(turn.done),
    () => `${turn.name}: it is not in force in time`,
  );
}
