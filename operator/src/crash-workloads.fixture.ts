import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KubeShop } from './controllers/anomaly-model/model-kube.fixture.ts';
import { createPool, poolNow, said } from './controllers/detector-pool/pool-kube.fixture.ts';
import { CrashLives, type CrashPlan } from './crash-life.fixture.ts';
import { InMemoryPlatform } from './platform/in-memory-platform.fixture.ts';
import { standInGateway, standInToken } from './platform/stand-in-gateway.fixture.ts';
import { deployments } from './resources/child-kinds.ts';
import { poll } from './testing/poll.ts';
import { spedUpClock } from './testing/sped-up-clock.ts';
import { StandInNodes } from './testing/stand-in-nodes.ts';
import type { KubeApi } from './testing/start-kube-api.ts';

/** What an operator can be killed in. */
export const workloads = ['create', 'retrain', 'canary passes', 'canary aborted'] as const;
export type Workload = (typeof workloads)[number];

/** A namespace of its own with all that a workload needs. */
interface Scene {
  readonly shop: KubeShop;
  readonly namespace: string;
  readonly platform: InMemoryPlatform;
  readonly lives: CrashLives;
  readonly api: KubeApi;
}

/** How all stands when a workload is over. */
export interface Ended {
  readonly state: object;
  /** Writes of the operator from the workload's beginning. */
  readonly writes: number;
  readonly crashed: boolean;
}

/**
 * Runs one workload in a namespace of its own, with a crash or without. With one it ends when the state is `wanted`, or
 * `withinMs` after everything seems to be over.
 */
export async function runWorkload(
  api: KubeApi,
  { workload, namespace }: { readonly workload: Workload; readonly namespace: string },
  { plan, isWanted }: { readonly plan: CrashPlan | null; readonly isWanted: (state: object) => boolean },
): Promise<Ended> {
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-crash-'));
  const tokenFile = path.join(folder, 'token');
  writeFileSync(tokenFile, standInToken);
  const platform = new InMemoryPlatform();
  const gateway = await standInGateway(platform);
  const clock = spedUpClock(8);
  const lives = new CrashLives({ api, gatewayUrl: gateway.url, tokenFile, namespace, clock });
  const served = workload !== 'retrain';
  const nodes = served ? new StandInNodes(api.client, platform, namespace) : undefined;
  if (workload === 'canary aborted') nodes?.alarming.add(1);
  if (!served) platform.addServedPool(namespace, 'shop');
  const shop = new KubeShop(api, namespace);
  const scene: Scene = { api, shop, namespace, platform, lives };
  const make = async (): Promise<void> => {
    await shop.create();
    if (served) await createPool(api, namespace, 'shop');
  };
  try {
    if (workload === 'create') lives.arm(plan);
    await lives.begin();
    await make();
    if (workload !== 'create') {
      await standing(scene, served);
      lives.arm(plan);
    }
    await acts[workload](scene);
    await standing(scene, served);
    const state = await lastState(scene, isWanted);
    return { state, writes: lives.writes, crashed: lives.crashed };
  } finally {
    await lives.end();
    await nodes?.stop();
    await gateway.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const acts: Record<Workload, (scene: Scene) => Promise<unknown>> = {
  create: async () => undefined,
  retrain: async ({ shop, platform, namespace }) => {
    await shop.annotate('one');
    await shop.succeed(platform, 'asked-one', 1);
    await shop.until('Training', 'False/Succeeded');
    await shop.annotate('two');
    await shop.endPod(3, () => {
      platform.addVersion(namespace, 'shop', 2, 'refused');
      const end = { state: 'refused', version: 2, message: 'not good enough' } as const;
      platform.endTraining({ namespace, name: 'shop' }, 'asked-two', end);
    });
    await shop.until('Training', 'False/Refused');
    await poll('the last word', async () => (await shop.now()).status?.handledRetrain === 'two');
  },
  'canary passes': (scene) => rollOut(scene, 'True/Promoted'),
  'canary aborted': (scene) => rollOut(scene, 'False/TakenBack'),
};

async function rollOut({ api, namespace, platform }: Scene, end: string): Promise<void> {
  platform.addVersion(namespace, 'shop', 1);
  await poll(
    `the candidate in ${namespace} to be ${end}`,
    async () => said(await poolNow(api, namespace), 'CanaryHealthy') === end,
    60_000,
  );
}

/** Waits until model and pool are as they are to be, and nothing is on its way. */
async function standing({ api, shop, namespace }: Scene, served: boolean): Promise<void> {
  await shop.until('Ready', 'True/Serving', 60_000);
  if (!served) return;
  await poll(
    `${namespace} to be served and calm`,
    async () => {
      const pool = await poolNow(api, namespace);
      return said(pool, 'Ready') === 'True/Serving' && said(pool, 'Progressing') === 'False/Complete';
    },
    60_000,
  );
}

/** The state once it is the wanted one and stays so, or after a while. */
async function lastState(scene: Scene, isWanted: (state: object) => boolean): Promise<object> {
  const untilMs = performance.now() + 20_000;
  let state = await endState(scene);
  let inARow = 0;
  while (inARow < 3 && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    state = await endState(scene);
    inARow = isWanted(state) ? inARow + 1 : 0;
  }
  return state;
}

/** What must be the same however often an operator died: not how long it took, nor how often it was judged. */
async function endState({ api, shop, namespace, platform, lives }: Scene): Promise<object> {
  const { items } = await api.client.list(deployments, { namespace });
  const pools = platform.allPools();
  const model = await shop.now();
  const custom = [model, ...(items.length === 0 ? [] : [await poolNow(api, namespace)])];
  return {
    jobsCreated: lives.jobsCreated,
    jobs: (await shop.jobs()).map(({ metadata }) => metadata.name).sort(),
    trainings: platform.model(namespace, 'shop').trainings.map((one) => `${one.triggerId} ${one.state}`),
    deployments: items.map(({ metadata, spec }) => `${metadata.name} ${spec?.replicas}`).sort(),
    pools: pools.map(({ name, plan, rollout: { state, events } }) => ({
      name,
      plan: plan.partitions,
      rollout: state && [state.phase, state.champion, state.candidate, state.fallback, state.aborted],
      // Each is told once, whatever happened in between; that it waits is a matter of time.
      happened: events.map(({ reason }) => reason).filter((reason) => reason !== 'WaitingForReadings'),
    })),
    versions: platform.model(namespace, 'shop').versions.map(({ version, state }) => `${version} ${state}`),
    told: custom.map(({ kind, status }) => ({
      kind,
      conditions: status?.conditions?.map((one) => `${one.type} ${one.status} ${one.reason}`).sort(),
    })),
    model: JSON.parse(
      JSON.stringify({ ...model.status, conditions: [] }, (key, value: unknown) =>
        /At$|Time$|^message$/.test(key) ? undefined : value,
      ),
    ),
  };
}
