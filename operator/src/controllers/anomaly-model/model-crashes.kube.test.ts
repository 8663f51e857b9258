import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@verdict/process';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { applyCrds } from '../../testing/apply-crds.ts';
import type { ChildProgram } from '../../testing/child-program.ts';
import { startFaultProxy } from '../../testing/fault-proxy.ts';
import { poll } from '../../testing/poll.ts';
import { controllersMissing, startControllers } from '../../testing/start-controllers.ts';
import { type KubeApi, startKubeApi } from '../../testing/start-kube-api.ts';
import { spedUpClock } from '../detector-pool/sped-up-clock.fixture.ts';
import { KubeShop } from './model-kube.fixture.ts';
import { type ModelOperator, startModelOperator } from './model-operator.fixture.ts';

/** When an operator is killed: at its n-th write (from 0), to whichever side, before it is done or after. */
interface Crash {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** What is left of a workload, without anything that is another one each time. */
interface EndState {
  readonly jobs: readonly string[];
  /** Jobs that were ever created. */
  readonly created: number;
  readonly trainings: readonly string[];
  readonly status: unknown;
}

/** At most so many workloads side by side. */
const sideBySide = 4;

describe('An operator that is killed around each of its writes', { skip: controllersMissing }, () => {
  let api: KubeApi;
  let controllers: ChildProgram;

  before(async () => {
    api = await startKubeApi();
    await applyCrds(api.client);
    controllers = startControllers(api, ['job-controller']);
  });
  after(async () => {
    await controllers?.stop(0);
    await api?.close();
  });

  /**
   * A model is created, asked to be trained twice, and makes a version and a refusal. With a crash the operator is killed
   * there, and another one goes on. Gives the end and the number of writes.
   */
  async function live(namespace: string, crash?: Crash): Promise<{ end: EndState; writes: number }> {
    const platform = new InMemoryPlatform(() => systemClock.nowMs());
    const proxy = await startFaultProxy({ target: api.url });
    const kubeconfig = api.kubeconfigFor(namespace, { server: proxy.url });
    const shop = new KubeShop(api, namespace);
    let operator: ModelOperator | undefined;
    let writes = 0;
    let created = 0;
    let crashed = false;
    const start = (): void => {
      const clock = spedUpClock(10);
      operator = startModelOperator({ kubeconfig, platform, clock, namespaces: [namespace] });
    };
    const restart = (): void => {
      crashed = true;
      operator?.kill();
      start();
    };
    const isCrash = (when: Crash['when'], write: number): boolean =>
      !crashed && crash?.at === write && crash.when === when;
    proxy.plan(({ write }) => {
      if (!write) return undefined;
      const number = writes++;
      if (isCrash('before', number)) {
        restart();
        return { kind: 'reset' };
      }
      return isCrash('after', number) ? { kind: 'reset-after' } : undefined;
    });
    proxy.onAnswer(({ write, method, path }, status) => {
      if (method === 'POST' && path.includes('/jobs') && status === 201) created++;
      if (write && isCrash('after', writes - 1)) restart();
    });
    platform.around = (_, when) => {
      const number = when === 'before' ? writes++ : writes - 1;
      if (!isCrash(when, number)) return;
      restart();
      if (when === 'before') throw new Error('killed before it was sent');
    };
    try {
      platform.addPool('shop', namespace);
      await shop.create();
      start();
      await shop.until('Ready', 'True/Serving');
      await shop.annotate('one');
      await shop.succeed(platform, 'asked-one', 1);
      await shop.until('Training', 'False/Succeeded');
      await shop.annotate('two');
      await shop.endPod(3, () => {
        platform.addVersion('shop', 2, 'refused', namespace);
        const end = { state: 'refused', version: 2, message: 'not good enough' } as const;
        platform.endTraining({ namespace, name: 'shop' }, 'asked-two', end);
      });
      await shop.until('CandidateAccepted', 'False/Refused');
      await poll('the last word', async () => (await shop.now()).status?.handledRetrain === 'two');
      await shop.until('Training', 'False/Refused');
      if (crash) assert.ok(crashed, `write ${crash.at} never came`);
      const { status } = await shop.now();
      return {
        writes,
        end: {
          created,
          jobs: (await shop.jobs()).map(({ metadata }) => metadata.name ?? '').sort(),
          trainings: platform
            .model('shop', namespace)
            .trainings.map(({ triggerId, state }) => `${triggerId} ${state}`),
          status: JSON.parse(
            JSON.stringify(status, (key, value) => (/At$|Time$/.test(key) ? undefined : value)),
          ),
        },
      };
    } finally {
      await operator?.stop();
      await proxy.close();
    }
  }

  test('leaves behind what an undisturbed one leaves: one Job of each trigger', async () => {
    const undisturbed = await live('undisturbed');
    assert.equal(undisturbed.end.created, 2);
    const crashes: Crash[] = Array.from({ length: undisturbed.writes }, (_, at) => at).flatMap((at) => [
      { at, when: 'before' },
      { at, when: 'after' },
    ]);
    const waiting = [...crashes];
    const differences: string[] = [];
    const work = async (): Promise<void> => {
      for (let crash = waiting.shift(); crash !== undefined; crash = waiting.shift()) {
        const { at, when } = crash;
        try {
          const { end } = await live(`killed-${when}-${at}`, crash);
          assert.deepEqual(end, undisturbed.end);
        } catch (error) {
          differences.push(`killed ${when} write ${at}: ${error instanceof Error ? error.message : error}`);
        }
      }
    };
    await Promise.all(Array.from({ length: sideBySide }, work));
    console.log(
      `${crashes.length} crash plans over ${undisturbed.writes} writes, ${differences.length} differences`,
    );
    assert.deepEqual(differences, []);
  });
});
