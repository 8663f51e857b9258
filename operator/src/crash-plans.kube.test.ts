import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { CrashPlan } from './crash-life.fixture.ts';
import { runWorkload, workloads } from './crash-workloads.fixture.ts';
import { applyCrds } from './testing/apply-crds.ts';
import type { ChildProgram } from './testing/child-program.ts';
import { seededRandom } from './testing/seeded-random.ts';
import { controllersMissing, startControllers } from './testing/start-controllers.ts';
import { type KubeApi, startKubeApi } from './testing/start-kube-api.ts';

/** A third of all plans, by a seed; or all of them. What fails names its plan. */
const all = process.env.VERDICT_ALL_PLANS === '1';
const seed = Number(process.env.VERDICT_CRASH_SEED ?? 1);
const random = seededRandom(seed);
const atOnce = 4;

// After some hundred connections that were reset in the middle, Node 24 can wait for ever, on a full core, for requests
// that it has lost count of, when all is over and nothing is open: in its own clean-up, which a plain exit leaves out.
process.on('exit', (code) => process.exit(code));

describe('An operator that is killed before, or just after, each of its writes', {
  skip: controllersMissing,
}, () => {
  let api: KubeApi;
  let controllers: ChildProgram;
  let runs = 0;

  before(async () => {
    api = await startKubeApi();
    await applyCrds(api.client);
    controllers = startControllers(api, ['job-controller']);
  });
  after(async () => {
    await controllers?.stop(0);
    await api?.close();
  });

  for (const workload of workloads)
    test(`leaves behind what an undisturbed one leaves: ${workload}`, async () => {
      const namespace = (): string => `run-${++runs}`;
      const calm = await runWorkload(
        api,
        { workload, namespace: namespace() },
        { plan: null, isWanted: () => true },
      );
      const possible = Array.from({ length: 2 * calm.writes }, (_, index): CrashPlan => {
        return { write: 1 + (index >> 1), when: index % 2 === 0 ? 'before' : 'after' };
      });
      const chosen = possible.filter(() => random() < 1 / 3 || all);
      let kills = 0;
      const differences: string[] = [];
      const waiting = [...chosen];
      const isWanted = (state: object): boolean => isDeepStrictEqual(state, calm.state);
      const work = async (): Promise<void> => {
        for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift())
          try {
            const ended = await runWorkload(api, { workload, namespace: namespace() }, { plan, isWanted });
            if (ended.crashed) kills += 1;
            assert.deepEqual(ended.state, calm.state);
          } catch (error) {
            differences.push(`${JSON.stringify(plan)}: ${error instanceof Error ? error.message : error}`);
          }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      console.log(
        `${workload}: ${chosen.length} of ${possible.length} crash plans (seed ${seed}), ${kills} kills, ${differences.length} differences`,
      );
      assert.deepEqual(differences, []);
      // How many writes there are is a matter of time: a run that writes less often has no nth one.
      assert.ok(kills >= chosen.length / 4, 'plans meet writes to be killed at');
    });
});
