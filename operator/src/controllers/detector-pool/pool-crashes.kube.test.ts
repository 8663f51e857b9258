import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deployments } from '../../resources/child-kinds.ts';
import { type FaultProxy, startFaultProxy } from '../../testing/fault-proxy.ts';
import { kubeApiMissing } from '../../testing/kube-binaries.ts';
import { poll } from '../../testing/poll.ts';
import type { KubeApi } from '../../testing/start-kube-api.ts';
import { InMemoryPlatform } from './in-memory-platform.fixture.ts';
import { mortalPlatform } from './mortal-platform.fixture.ts';
import { type OperatorLife, startOperator } from './operator-life.fixture.ts';
import { createShop, poolNow, said, startPoolApi } from './pool-kube.fixture.ts';
import { spedUpClock } from './sped-up-clock.fixture.ts';
import { StandInNodes } from './stand-in-nodes.fixture.ts';

/** What happens to a pool: a candidate that is as good as the champion, or one that alarms at everything. */
type Workload = 'passes' | 'aborted';

/** The operator is killed right before, or right after, its nth write to the API server or to the platform. */
interface CrashPlan {
  readonly workload: Workload;
  readonly write: number;
  readonly when: 'before' | 'after';
}

/** Every third plan, unless all are asked for; a crash plan is named in what fails, so that it can be run alone. */
const all = process.env.VERDICT_ALL_PLANS === '1';
const atOnce = 4;

describe('A DetectorPool whose operator is killed at a write', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let runs = 0;

  before(async () => {
    api = await startPoolApi();
  });
  after(() => api?.close());

  /** A whole rollout, from the creation of the pool; gives how all stands in the end and how many writes it took. */
  async function run(workload: Workload, plan: CrashPlan | null) {
    runs += 1;
    const namespace = `run-${runs}`;
    const platform = new InMemoryPlatform();
    const nodes = new StandInNodes(api.client, platform, namespace);
    const clock = spedUpClock(8);
    if (workload === 'aborted') nodes.alarming.add(1);
    platform.addModel(namespace, 'shop');
    let writes = 0;
    let crashed: Promise<void> | undefined;
    let life: { operator: OperatorLife; proxy: FaultProxy } | undefined;
    const begin = async (): Promise<void> => {
      const mortal = mortalPlatform(platform);
      const proxy = await startFaultProxy({ target: api.url });
      const kill = (): void => {
        mortal.die();
        life?.operator.kill();
        crashed ??= proxy.close().then(begin);
      };
      // Told of each write, before and after it; true = the operator is dead by now.
      const told = (when: CrashPlan['when']): boolean => {
        if (mortal.dead) return true;
        if (when === 'before') writes += 1;
        if (crashed !== undefined || plan?.write !== writes || plan.when !== when) return false;
        kill();
        return true;
      };
      mortal.told = told;
      proxy.plan(({ write }) => (write && told('before') ? { kind: 'reset' } : undefined));
      proxy.onAnswer(({ write }) => void (write && told('after')));
      const kubeconfig = api.kubeconfigFor(`${namespace}-${writes}`, { server: proxy.url });
      life = {
        proxy,
        operator: startOperator({ kubeconfig, platform: mortal, clock, namespaces: [namespace] }),
      };
    };
    await createShop(api, namespace);
    await begin();
    try {
      await poll(
        `${namespace} to be served`,
        async () => said(await poolNow(api, namespace), 'Ready') === 'True/Serving',
      );
      platform.addVersion(namespace, 'shop', 1);
      const end = workload === 'passes' ? 'True/Promoted' : 'False/TakenBack';
      const settled = await poll(`${namespace} to settle`, async () => {
        const pool = await poolNow(api, namespace);
        if (said(pool, 'CanaryHealthy') !== end || said(pool, 'Progressing') !== 'False/Complete')
          return false;
        return (
          (plan === null || crashed !== undefined || writes < plan.write) && endState(namespace, platform)
        );
      });
      return { settled, writes, crashed: crashed !== undefined };
    } finally {
      await crashed;
      await life?.operator.stop();
      await life?.proxy.close();
      await nodes.stop();
    }
  }

  /** What must be the same however often an operator died: not how long it took, nor how often it was judged. */
  async function endState(namespace: string, platform: InMemoryPlatform) {
    const { status } = await poolNow(api, namespace);
    const { items } = await api.client.list(deployments, { namespace });
    const { plan, rollout } = platform.pool(namespace, 'shop');
    const { phase, champion, candidate, fallback, aborted } = rollout.state ?? {};
    return {
      deployments: Object.fromEntries(
        items.map(({ metadata, spec }) => [metadata.name, spec?.replicas]).sort(),
      ),
      plan: plan.partitions,
      rollout: { phase, champion, candidate, fallback, aborted },
      // Each is told once, whatever happened in between; that it waits is a matter of time.
      happened: rollout.events
        .map(({ reason }) => reason)
        .filter((reason) => reason !== 'WaitingForReadings'),
      versions: platform.model(namespace, 'shop').versions.map(({ version, state }) => [version, state]),
      conditions: status?.conditions?.map(({ type, status: is, reason }) => `${type} ${is} ${reason}`).sort(),
      told: [status?.partitionsText, status?.rollout?.text, status?.rollout?.aborted, status?.detectorsText],
    };
  }

  for (const workload of ['passes', 'aborted'] as const)
    test(`ends as if nothing had happened: canary ${workload}`, async () => {
      const undisturbed = await run(workload, null);
      const plans = Array.from({ length: 2 * undisturbed.writes }, (_, index): CrashPlan => {
        return { workload, write: 1 + (index >> 1), when: index % 2 === 0 ? 'before' : 'after' };
      }).filter((_, index) => all || index % 3 === (workload === 'passes' ? 0 : 1));
      let tried = 0;
      const differences: string[] = [];
      const queue = [...plans];
      const work = async (): Promise<void> => {
        for (let plan = queue.shift(); plan !== undefined; plan = queue.shift()) {
          const { settled, crashed } = await run(workload, plan);
          if (crashed) tried += 1;
          try {
            assert.deepEqual(settled, undisturbed.settled);
          } catch (error) {
            differences.push(`${JSON.stringify(plan)}: ${error instanceof Error ? error.message : error}`);
          }
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      console.log(
        `canary ${workload}: ${plans.length} crash plans, ${tried} kills, ${differences.length} differences`,
      );
      assert.deepEqual(differences, []);
      assert.ok(tried >= plans.length / 2, 'most plans meet a write to be killed at');
    });
});
