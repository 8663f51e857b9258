import { setTimeout as delay } from 'node:timers/promises';
import type { PartitionView, PoolView, VersionFigures } from '@verdict/contracts';
import type { Pod } from '../controllers/detector-pool/detector-pods.ts';
import { type Deployment, versionOfDeployment } from '../controllers/detector-pool/pool-facts.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { isConflict, isNotFound } from '../kube/kube-error.ts';
import { deployments, pods } from '../resources/child-kinds.ts';
import { label } from '../resources/labels.ts';

/** How the detectors of a version are. */
export type Health = 'well' | 'crashing' | 'unschedulable';

/** What scored pools: their own state, to change it. */
export interface ScoredPools {
  allPools(): PoolView[];
}

const since = '2026-01-01T00:00:00.000Z';

/**
 * What is missing beside an API server alone: Deployments get pods, pods get ready or not, and detectors in them serve
 * the partitions of their version, or those whose fallback it is.
 */
export class StandInNodes {
  readonly #client: KubeClient;
  readonly #platform: ScoredPools;
  readonly #namespace: string | undefined;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** By version; others are well. */
  readonly health = new Map<number, Health>();
  /** Versions that alarm at every reading. */
  readonly alarming = new Set<number>();
  /** Readings of a partition at each turn. */
  readings = 40;

  /** In one namespace, or in all. */
  constructor(client: KubeClient, platform: ScoredPools, namespace?: string) {
    this.#client = client;
    this.#platform = platform;
    this.#namespace = namespace;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#turn();
      } catch (error) {
        // Somebody else changed or deleted it: the next turn sees that.
        if (!isConflict(error) && !isNotFound(error)) throw error;
      }
      await delay(30);
    }
  }

  async #turn(): Promise<void> {
    const found = (await this.#client.list(deployments, { namespace: this.#namespace })).items;
    const existing = (await this.#client.list(pods, { namespace: this.#namespace })).items;
    const ready: Pod[] = [];
    const wanted = new Set<string>();
    for (const deployment of found) {
      const health = this.health.get(versionOfDeployment(deployment) ?? -1) ?? 'well';
      const count = deployment.spec?.replicas ?? 1;
      for (let index = 0; index < count; index += 1) {
        const name = `${deployment.metadata.name}-${index}`;
        wanted.add(`${deployment.metadata.namespace}/${name}`);
        const known = existing.find(
          ({ metadata }) => metadata.name === name && metadata.namespace === deployment.metadata.namespace,
        );
        const pod = known ?? (await this.#client.create(pods, podOf(deployment, name)));
        await this.#tellPod(pod, health);
        if (health === 'well') ready.push(pod);
      }
      await this.#tellDeployment(deployment, count, health === 'well' ? count : 0);
    }
    for (const pod of existing) {
      const { namespace, name = '', uid = '' } = pod.metadata;
      if (!wanted.has(`${namespace}/${name}`)) await this.#client.delete(pods, { namespace, name }, { uid });
    }
    for (const pool of this.#platform.allPools()) this.#score(pool, ready);
  }

  async #tellDeployment({ metadata, status }: Deployment, replicas: number, ready: number): Promise<void> {
    if (status?.replicas === replicas && (status.readyReplicas ?? 0) === ready) return;
    const { name = '', namespace } = metadata;
    await this.#client.patchStatus(deployments, {
      metadata: { name, namespace },
      status: { replicas, readyReplicas: ready },
    });
  }

  async #tellPod({ metadata, status }: Pod, health: Health): Promise<void> {
    const { name = '', namespace } = metadata;
    const scheduled = health !== 'unschedulable';
    const told = status?.conditions?.find(({ type }) => type === 'PodScheduled')?.status;
    const waits = status?.containerStatuses?.[0]?.state?.waiting !== undefined;
    if (told === (scheduled ? 'True' : 'False') && waits === (health === 'crashing')) return;
    const container = { name: 'detector', image: 'x', imageID: '', restartCount: 0 };
    await this.#client.patchStatus(pods, {
      metadata: { name, namespace },
      status: {
        conditions: [
          {
            type: 'PodScheduled',
            status: scheduled ? 'True' : 'False',
            ...(scheduled ? {} : { reason: 'Unschedulable', message: '0/3 nodes are available' }),
          },
        ],
        containerStatuses: [
          health === 'crashing'
            ? {
                ...container,
                ready: false,
                state: { waiting: { reason: 'CrashLoopBackOff' } },
                lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
              }
            : { ...container, ready: scheduled, state: {} },
        ],
      },
    });
  }

  #score(pool: PoolView, ready: readonly Pod[]): void {
    for (const [index, view] of pool.partitions.entries()) {
      const serving = [view.planned.version, view.planned.fallback].flatMap((version) => {
        const able = ready.filter(
          ({ metadata }) =>
            metadata.namespace === pool.namespace &&
            metadata.labels?.[label.pool] === pool.name &&
            metadata.labels[label.version] === String(version),
        );
        const pod = able[index % able.length];
        return pod && version !== null ? [{ pod, version }] : [];
      })[0];
      view.holder = serving ? `detector-${serving.pod.metadata.name}-1-abcdef12` : null;
      if (serving) this.#count(view, serving.version);
    }
    const holders = new Set(pool.partitions.flatMap(({ holder }) => holder ?? []));
    pool.members = [...holders].map((holder) => ({ holder, address: null, seenAt: since }));
  }

  #count(view: PartitionView, version: number): void {
    view.version = version;
    view.readings += this.readings;
    const figures = figuresOf(view, version);
    figures.readings += this.readings;
    if (this.alarming.has(version)) figures.alarms += this.readings;
    const { shadow } = view.planned;
    view.shadow = shadow;
    if (shadow !== null) this.#compare(view, version, shadow);
  }

  #compare(view: PartitionView, version: number, shadow: number): void {
    let known = view.shadows.find((one) => one.version === version && one.shadow === shadow);
    if (!known) {
      const silent = { anomalies: 0, alarms: 0, quieted: 0 };
      const compared = {
        readings: 0,
        disagreements: 0,
        scoreDifference: 0,
        served: { ...silent },
        would: { ...silent },
      };
      known = { version, shadow, ...compared, errors: 0, drops: 0, trouble: null, since };
      view.shadows.push(known);
    }
    known.readings += this.readings;
    if (this.alarming.has(version)) known.served.alarms += this.readings;
    if (this.alarming.has(shadow)) known.would.alarms += this.readings;
    if (this.alarming.has(version) !== this.alarming.has(shadow)) known.disagreements += this.readings;
  }
}

function figuresOf(view: PartitionView, version: number): VersionFigures {
  const known = view.figures.find((one) => one.version === version);
  if (known) return known;
  const made = { version, readings: 0, anomalies: 0, alarms: 0, quieted: 0, errors: 0, since };
  view.figures.push(made);
  return made;
}

function podOf({ metadata, spec }: Deployment, name: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: metadata.namespace, labels: spec?.template.metadata?.labels },
    spec: { ...spec?.template.spec, containers: spec?.template.spec?.containers ?? [], nodeName: 'stand-in' },
  };
}
