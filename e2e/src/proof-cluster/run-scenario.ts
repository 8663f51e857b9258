import { createPlatformClient } from '@verdict/platform-client';
import { Feed } from '../proof-loop/feed.ts';
import { makeCalmScenario, paceMs } from './calm-scenario.ts';
import { lookForKinds } from './crds.ts';
import { openGatewayDoor } from './gateway-door.ts';
import { Kube } from './kube.ts';
import { deleteEverything, drain, poison, upgrade } from './later-steps.ts';
import { judgeUntilRetrained, learnVersionOne } from './learn.ts';
import { adminName, makePlace } from './place.ts';
import { previousChart } from './previous-chart.ts';
import { helmRelease, releaseName } from './release.ts';
import type { Run } from './run.ts';
import { shop, shopManifests } from './shop-manifests.ts';
import type { Steps } from './steps.ts';
import { watchCluster } from './watch-cluster.ts';

export interface ScenarioOptions {
  readonly namespace: string;
  /** Tag of the images. */
  readonly tag: string;
  /** Leaves everything in the cluster, to be looked at. */
  readonly keep: boolean;
  readonly signal: AbortSignal;
}

/** The whole loop on a cluster, step by step. Whatever happens, nothing of it stays, unless it is to be kept. */
export async function runScenario(options: ScenarioOptions, steps: Steps): Promise<void> {
  const { signal, tag, keep } = options;
  const kube = new Kube(options.namespace, signal);
  /** In the order in which they were made; undone the other way round. */
  const made: { what: string; undo: () => Promise<unknown> }[] = [];
  try {
    const previous = await previousChart();
    if (previous) made.push({ what: 'the previous chart', undo: previous.remove });
    const scenario = makeCalmScenario(Date.now());
    const kinds = await lookForKinds(kube);
    if (!kinds.ours) steps.tell('the kinds of Verdict are in this cluster already: they are used, and stay');
    made.push({ what: 'the kinds', undo: kinds.remove });
    const release = helmRelease(kube, { tag, kinds: kinds.ours, signal });
    const place = await steps.run('a namespace under PodSecurity restricted, claims, accounts', () =>
      makePlace(kube),
    );
    made.push({ what: 'the namespace', undo: place.remove });
    made.push({ what: 'the release', undo: () => removeRelease(kube.withoutSignal(), release) });
    await steps.run(`the chart is installed${previous ? `, as of ${previous.commit}` : ''}`, () =>
      release.apply(previous?.folder ?? null),
    );
    if (!previous) steps.tell('there is no previous chart here: the upgrade will be from the same one');
    const watch = watchCluster(kube, shop, (line) => steps.tell(line));
    made.push({ what: 'the watch', undo: watch.stop });
    await steps.run('samples are applied before the gateway is ready, and become Ready', async () => {
      await kube.apply(...(await shopManifests(scenario.series.length * (scenario.learnSteps - 60))));
      const both = [`anomalymodel/${shop}`, `detectorpool/${shop}`];
      await kube.text(['wait', '--for=condition=Ready', ...both, '--timeout=400s'], 410_000);
      await release.ready();
    });
    const door = await openGatewayDoor(kube.namespace, `${releaseName}-gateway`);
    made.push({ what: 'the door', undo: door.close });
    const client = createPlatformClient({
      url: door.url,
      credentials: { username: adminName, password: place.adminPassword },
      namespace: kube.namespace,
      // A gateway that is replaced is away for some seconds.
      retry: { attempts: 12 },
    });
    const feed = new Feed({
      scenario,
      clients: [client],
      fromStep: scenario.borders.learn,
      limit: Number.POSITIVE_INFINITY,
      paceMs: paceMs.usual,
    });
    made.push({ what: 'the feed', undo: () => feed.stop() });
    const run: Run = { kube, release, steps, signal, scenario, client, url: door.url, watch, feed };
    await upgrade(run, previous !== null);
    await learnVersionOne(run);
    const champion = await judgeUntilRetrained(run);
    await poison(run, champion);
    await drain(run);
    await deleteEverything(run);
  } finally {
    if (keep) {
      steps.tell(`everything is left in namespace ${kube.namespace}`);
      for (const { what, undo } of made.reverse())
        if (['the watch', 'the door', 'the feed', 'the previous chart'].includes(what))
          await tidy(what, undo, steps);
    } else
      await steps.run('everything is removed', async () => {
        for (const { what, undo } of made.reverse()) await tidy(what, undo, steps);
      });
  }
}

async function tidy(what: string, undo: () => Promise<unknown>, steps: Steps): Promise<void> {
  try {
    await undo();
  } catch (error) {
    // Goes on with the rest; what ended the proof was told before.
    steps.must(false, `${what} could not be removed: ${error instanceof Error ? error.message : error}`);
  }
}

/** After a proof that did not come to its end: models first, while there is an operator that can end them. */
async function removeRelease(kube: Kube, release: ReturnType<typeof helmRelease>): Promise<void> {
  const objects = await kube.attempt(
    ['delete', 'detectorpools,anomalymodels', '--all', '--ignore-not-found', '--timeout=60s'],
    { timeoutMs: 70_000 },
  );
  if (objects.code !== 0)
    for (const kind of ['anomalymodels', 'detectorpools'])
      await kube.attempt(['patch', kind, shop, '--type=merge', '--patch={"metadata":{"finalizers":null}}']);
  await release.uninstall();
}
