import { detectorPools, type KubeApi, pods } from '@verdict/operator/testing';
import type { PoolPlace } from './fleet.ts';
import type { WatchedFleet } from './watched-fleet.ts';

/** A reaction that takes longer is one that did not come. */
const lateMs = 30_000;

interface Awaited {
  readonly replicas: number;
  readonly sinceMs: number;
}

/**
 * Events, and how long it takes until what follows from them is there: a pool is scaled, as `kubectl scale` does it, and
 * its Deployment has to follow. Pods die too, and are replaced; only statuses follow from that.
 */
export class Reactions {
  readonly #api: KubeApi;
  readonly #fleet: WatchedFleet;
  readonly #pools: readonly PoolPlace[];
  readonly #awaited = new Map<string, Awaited>();
  readonly #end: () => void;
  #next = 0;
  /** From the answer to the change to its Deployment's, ms. */
  readonly tookMs: number[] = [];
  missed = 0;

  constructor(api: KubeApi, fleet: WatchedFleet, pools: readonly PoolPlace[]) {
    this.#api = api;
    this.#fleet = fleet;
    this.#pools = pools;
    const told = ({
      metadata,
      spec,
    }: {
      metadata: { namespace?: string; name?: string };
      spec?: { replicas?: number };
    }) => {
      const key = `${metadata.namespace}/${(metadata.name ?? '').replace(/-v0$/, '')}`;
      const awaited = this.#awaited.get(key);
      if (awaited === undefined || spec?.replicas !== awaited.replicas) return;
      this.#awaited.delete(key);
      this.tookMs.push(performance.now() - awaited.sinceMs);
    };
    this.#end = fleet.deployments.onChange({ added: told, updated: told, deleted: () => undefined });
  }

  /** Scales the next pool: by one up or down. */
  async scale(): Promise<void> {
    // All over the fleet, and each as rarely as possible.
    const pool = this.#pools[(this.#next++ * 379) % this.#pools.length];
    if (pool === undefined) return;
    const { namespace, name } = pool;
    const key = `${namespace}/${name}`;
    if (this.#awaited.has(key)) return;
    const now = this.#fleet.pools.cache.get(`${namespace}/${name}`)?.spec.replicas ?? pool.replicas;
    const replicas = now === pool.replicas ? pool.replicas + 1 : pool.replicas;
    await this.#api.client.serverSideApply(detectorPools, {
      metadata: { namespace, name },
      spec: { replicas },
    });
    const sinceMs = performance.now();
    // The Deployment may have been told before the answer to the change was.
    const deployment = this.#fleet.deployments.cache.get(`${namespace}/${name}-v0`);
    if (deployment?.spec?.replicas === replicas) this.tookMs.push(0);
    else this.#awaited.set(key, { replicas, sinceMs });
  }

  /** Lets a detector of the next pool die. */
  async killPod(): Promise<void> {
    const pool = this.#pools[(this.#next * 757 + 13) % this.#pools.length];
    const pod = pool && this.#fleet.pods.cache.indexed('pool', `${pool.namespace}/${pool.name}`)[0];
    const { namespace, name = '', uid = '' } = pod?.metadata ?? {};
    if (uid !== '') await this.#api.client.delete(pods, { namespace, name }, { uid });
  }

  /** Counts those that did not come in time; gives how many may still. */
  giveUpLate(): number {
    const nowMs = performance.now();
    for (const [key, { sinceMs }] of this.#awaited)
      if (nowMs - sinceMs > lateMs) {
        this.#awaited.delete(key);
        this.missed++;
      }
    return this.#awaited.size;
  }

  get open(): number {
    return this.#awaited.size;
  }

  close(): void {
    this.#end();
  }
}
