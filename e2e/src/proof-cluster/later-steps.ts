import { countReadings } from './count-readings.ts';
import { drainPool, scaleToZero } from './drain.ts';
import { leftInCluster, leftInNamespace, operatorsObjects } from './leftovers.ts';
import { mostAbortMs, mostGoneMs, tryPoison } from './poison.ts';
import type { Run } from './run.ts';
import { shop } from './shop-manifests.ts';
import { readStory } from './story.ts';
import { waitUntil } from './wait-until.ts';

/** Readings flow while the chart goes from its previous form to the checkout's. */
export async function upgrade(run: Run, fromPrevious: boolean): Promise<void> {
  const { kube, release, steps, watch } = run;
  const settings = async () =>
    (await kube.text(['get', 'configmap', 'verdict-operator', '--output=jsonpath={.data}'])).trim();
  await steps.run(
    `the chart is upgraded${fromPrevious ? '' : ' to itself'} while readings flow`,
    async () => {
      const before = await settings();
      const detectors = [...watch.detectors.values()].map(detectorText);
      await release.apply(null);
      await release.ready();
      const told = await release.test();
      steps.tell(/Phase: +Succeeded/.test(told) ? 'helm test succeeded' : told);
      // The new operator looks at everything once; so long a restart takes to show.
      await waitUntil(() => (watch.pool().conditions?.some(isReady) ? true : null), {
        withinMs: 60_000,
        signal: run.signal,
        otherwise: () => 'the pool was not ready after the upgrade',
      });
      const needed = before !== (await settings());
      const after = [...watch.detectors.values()].map(detectorText);
      const same = JSON.stringify(after) === JSON.stringify(detectors);
      steps.figure('detectors restarted by the upgrade', same ? 0 : after.length - detectors.length || 1);
      if (needed) steps.tell('what detectors are given has changed: they had to be replaced');
      steps.must(
        needed || same,
        `the upgrade touched detectors: ${detectors.join(', ')}; afterwards ${after.join(', ')}`,
      );
    },
  );
}

function detectorText({ name, restarts }: { name: string; restarts: number }): string {
  return `${name} (${restarts} restarts)`;
}

function isReady({ type, status }: { type: string; status: string }): boolean {
  return type === 'Ready' && status === 'True';
}

/** A candidate that alarms on everything: first with its shadow, then straight into the first partition. */
export async function poison(run: Run, champion: number): Promise<void> {
  const { steps, kube } = run;
  const jobs = run.watch.jobs.size;
  for (const way of ['in shadow', 'in canary'] as const)
    await steps.run(`a poisoned candidate is put in by hand, and aborted ${way}`, async () => {
      if (way === 'in canary')
        await kube.text([
          'patch',
          'detectorpool',
          shop,
          '--type=merge',
          '--patch={"spec":{"rollout":{"shadowSeconds":0}}}',
        ]);
      const { version, abortedAfterMs, goneAfterMs, reason, longestStillMs, served } = await tryPoison(
        run,
        champion,
      );
      steps.tell(reason);
      steps.figure(`poisoned ${way}: seconds from first reading to abort`, abortedAfterMs / 1000);
      steps.figure(`poisoned ${way}: seconds until it is gone`, goneAfterMs / 1000);
      steps.figure(`poisoned ${way}: longest ms without a committed reading`, longestStillMs);
      steps.figure(`poisoned ${way}: most partitions served`, served);
      steps.must(
        abortedAfterMs <= mostAbortMs,
        `version ${version} was aborted after ${abortedAfterMs} ms, at most ${mostAbortMs} ms are allowed`,
      );
      steps.must(
        goneAfterMs <= mostGoneMs,
        `version ${version} was gone ${goneAfterMs} ms after its abort, at most ${mostGoneMs} ms are allowed`,
      );
      steps.must(
        served <= (way === 'in shadow' ? 0 : 1),
        `version ${version} served ${served} partitions ${way}`,
      );
    });
  steps.must(run.watch.jobs.size === jobs, 'an aborted candidate started a training');
  steps.tell(await kube.text(['get', 'anomalymodels,detectorpools']));
}

/** Detectors come and go; then every reading is counted. */
export async function drain(run: Run): Promise<void> {
  const { steps, feed, client, scenario, signal } = run;
  await steps.run('a pool is scaled up, evicted from and scaled down while readings flow', async () => {
    const { longestStillMs, secondEvictionRefused } = await drainPool(run);
    steps.figure('drain: longest ms without a committed reading', longestStillMs);
    steps.must(secondEvictionRefused, 'the budget let the last ready detector be evicted');
  });
  await steps.run('every reading is counted', async () => {
    await feed.stop();
    const count = await countReadings(client, { scenario, toStep: feed.step, signal });
    for (const [name, value] of Object.entries(count)) steps.figure(`readings ${name}`, value);
    const { sent, committed, scored, inHistory } = count;
    steps.must(committed === sent, `${committed} readings committed, ${sent} sent`);
    steps.must(scored === sent, `${scored} readings scored, ${sent} sent`);
    steps.must(inHistory === sent, `${inHistory} readings once in history, ${sent} sent`);
  });
  steps.must(
    run.watch.unready.length === 0,
    `the pool was told not to be ready: ${run.watch.unready.join('; ')}`,
  );
  steps.figure('Jobs in all', run.watch.jobs.size);
  await steps.run('kubectl describe reads like a log of decisions', () => readStory(run));
}

/** Scaled to nothing, refused to be uninstalled while a model has its finalizer, then deleted and uninstalled. */
export async function deleteEverything(run: Run): Promise<void> {
  const { steps, kube, release, signal, watch } = run;
  await steps.run('the pool is scaled to zero', () => scaleToZero(run));
  await steps.run('the uninstallation is refused while a model has a finalizer', async () => {
    const { code, stderr } = await release.uninstall();
    steps.must(code !== 0, 'the release was uninstalled under a model with a finalizer');
    steps.tell(stderr.trim().split('\n').at(-1) ?? '');
  });
  await steps.run('models and pools are deleted, and all that was made for them', async () => {
    await kube.text(['delete', 'detectorpool,anomalymodel', '--all', '--timeout=90s'], 100_000);
    let left: string[] = [];
    await waitUntil(
      async () => {
        left = await operatorsObjects(kube);
        return left.length === 0 ? true : null;
      },
      { withinMs: 90_000, signal, otherwise: () => `left behind: ${left.join(', ')}` },
    );
    await watch.stop();
  });
  await steps.run('the release is uninstalled, and nothing is left behind', async () => {
    const { code, stderr } = await release.uninstall();
    if (code !== 0) throw new Error(`helm uninstall failed: ${stderr}`);
    let left: string[] = [];
    await waitUntil(
      async () => {
        left = [...(await leftInNamespace(kube)), ...(await leftInCluster(kube))];
        return left.length === 0 ? true : null;
      },
      { withinMs: 60_000, everyMs: 2000, signal, otherwise: () => `left behind: ${left.join(', ')}` },
    ).catch((error: unknown) => {
      if (signal.aborted) throw error;
      steps.must(false, error instanceof Error ? error.message : String(error));
    });
    steps.figure('objects left behind', left.length);
  });
}
