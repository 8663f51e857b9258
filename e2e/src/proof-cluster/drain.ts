import type { Run } from './run.ts';
import { shop } from './shop-manifests.ts';
import { waitUntil } from './wait-until.ts';
import { watchServing } from './watch-serving.ts';

const selector = `verdict.dev/pool=${shop}`;

/** What was seen while detectors came and went. */
export interface DrainOutcome {
  /** Longest time without a newly committed reading anywhere, ms. */
  readonly longestStillMs: number;
  /** Whether the budget kept the last ready detector from being evicted. */
  readonly secondEvictionRefused: boolean;
}

/**
 * Two detectors; one is evicted, as a drain of its node would, and the budget keeps the other one; then one again, and
 * none. Readings flow all the while, but for the last.
 */
export async function drainPool(run: Run): Promise<DrainOutcome> {
  const { client, kube, steps } = run;
  const serving = watchServing(client, shop);
  try {
    // What was taken back before may still have a detector: it would be counted as one of the two.
    await readyAre(run, 1);
    await scale(run, 2);
    steps.tell('two detectors share the partitions');
    const [first, second] = await readyPods(run);
    if (!first || !second) throw new Error('there are not two ready detectors');
    await evict(run, first);
    const again = await kube.attempt(evictionWords(run, second), { input: eviction(run, second) });
    const secondEvictionRefused = again.code !== 0 && isRefusedByBudget(again.stderr);
    await waitUntil(
      async () => ((await readyPods(run)).filter((name) => name !== first).length === 2 ? true : null),
      {
        withinMs: 180_000,
        signal: run.signal,
        otherwise: () => 'the evicted detector was not replaced',
      },
    );
    await held(run, 2);
    steps.tell(`${first} was evicted and replaced`);
    await scale(run, 1);
    steps.tell('one detector has all partitions again');
    return { longestStillMs: Math.round(serving.longestStillMs()), secondEvictionRefused };
  } finally {
    await serving.stop();
  }
}

/** Until no detector is left; partitions are given back, not abandoned. */
export async function scaleToZero(run: Run): Promise<void> {
  const { client, kube, signal } = run;
  await kube.text(['scale', `detectorpool/${shop}`, '--replicas=0']);
  const left = async () => (await kube.list('pods', [`--selector=${selector}`])).length;
  await waitUntil(async () => ((await left()) === 0 ? true : null), {
    withinMs: 180_000,
    signal,
    otherwise: () => 'detectors of a pool that is scaled to zero did not go',
  });
  const holders = (await client.pools()).flatMap((pool) => pool.partitions.map(({ holder }) => holder));
  run.steps.must(
    holders.every((holder) => holder === null),
    `partitions were left to a detector that is gone: ${holders.filter((one) => one !== null).join(', ')}`,
  );
}

async function scale(run: Run, replicas: number): Promise<void> {
  await run.kube.text(['scale', `detectorpool/${shop}`, `--replicas=${replicas}`]);
  await readyAre(run, replicas);
  await held(run, replicas);
}

/** Until so many detectors are ready, of whatever version. */
async function readyAre(run: Run, detectors: number): Promise<void> {
  await waitUntil(async () => ((await readyPods(run)).length === detectors ? true : null), {
    withinMs: 240_000,
    signal: run.signal,
    otherwise: () => `there were not ${detectors} ready detectors`,
  });
}

/** Until so many detectors hold all partitions between them. */
async function held(run: Run, detectors: number): Promise<void> {
  let seen = '';
  await waitUntil(
    async () => {
      const [pool] = await run.client.pools();
      const holders = pool?.partitions.map(({ holder }) => holder) ?? [];
      seen = `${new Set(holders).size} holders of ${holders.length} partitions`;
      return holders.length > 0 && !holders.includes(null) && new Set(holders).size === detectors
        ? true
        : null;
    },
    {
      withinMs: 120_000,
      signal: run.signal,
      otherwise: () => `not shared by ${detectors} detectors: ${seen}`,
    },
  );
}

async function readyPods({ kube }: Run): Promise<string[]> {
  const pods = await kube.list('pods', [`--selector=${selector}`]);
  return pods
    .filter(({ metadata, status }) => {
      const { conditions = [] } = status as { conditions?: readonly { type: string; status: string }[] };
      return metadata.deletionTimestamp === undefined && conditions.some(isReady);
    })
    .map(({ metadata }) => metadata.name);
}

function isReady({ type, status }: { type: string; status: string }): boolean {
  return type === 'Ready' && status === 'True';
}

function eviction({ kube }: Run, name: string): string {
  const metadata = { name, namespace: kube.namespace };
  return JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata });
}

function evictionWords({ kube }: Run, name: string): string[] {
  return ['create', `--raw=/api/v1/namespaces/${kube.namespace}/pods/${name}/eviction`, '--filename=-'];
}

/** As a drain of a node does: what the budget refuses now is tried again, for its controller counts a moment later. */
async function evict(run: Run, name: string): Promise<void> {
  let refusal = '';
  await waitUntil(
    async () => {
      const { code, stderr } = await run.kube.attempt(evictionWords(run, name), {
        input: eviction(run, name),
      });
      if (code === 0) return true;
      if (!isRefusedByBudget(stderr)) throw new Error(`${name} could not be evicted: ${stderr}`);
      refusal = stderr;
      return null;
    },
    { withinMs: 60_000, signal: run.signal, otherwise: () => `${name} could not be evicted: ${refusal}` },
  );
}

function isRefusedByBudget(stderr: string): boolean {
  return /disruption budget/i.test(stderr);
}
