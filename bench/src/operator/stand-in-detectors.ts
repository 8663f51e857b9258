import type { PoolView } from '@verdict/contracts';
import type { InMemoryPlatform } from '@verdict/operator/testing';
import type { WatchedFleet } from './watched-fleet.ts';

const seenAt = '2026-01-01T00:00:00.000Z';
/** How often detectors tell the platform of themselves. */
const turnMs = 2000;
/** So many of a hundred pools have a lag that comes and goes; that of the others only trembles. */
const restless = 10;

/**
 * What detectors are to the platform: pods that are ready hold the partitions of their pool. With traffic readings flow,
 * lags tremble or come and go, and people's verdicts move what is thought of a model.
 */
export class StandInDetectors {
  readonly #platform: InMemoryPlatform;
  readonly #fleet: WatchedFleet;
  readonly #timer: NodeJS.Timeout;
  #turns = 0;
  /** Whether readings flow. */
  traffic = false;

  constructor(platform: InMemoryPlatform, fleet: WatchedFleet) {
    this.#platform = platform;
    this.#fleet = fleet;
    this.#timer = setInterval(() => this.#turn(), turnMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    this.#turns++;
    for (const [index, pool] of this.#platform.allPools().entries()) {
      this.#hold(pool);
      if (this.traffic) this.#score(pool, index);
    }
  }

  #hold(pool: PoolView): void {
    const able = this.#fleet.podsOf(`${pool.namespace}/${pool.name}`);
    const holders = new Set(able.map(({ name }) => holderOf(name)));
    for (const [index, view] of pool.partitions.entries()) {
      if (view.holder !== null && holders.has(view.holder)) continue;
      const serving = able.filter(({ version }) => version === view.planned.version);
      const pod = serving[index % Math.max(1, serving.length)];
      view.holder = pod === undefined ? null : holderOf(pod.name);
      if (pod !== undefined) view.version = pod.version;
    }
    pool.members = [...holders].map((holder) => ({ holder, address: null, seenAt }));
  }

  #score(pool: PoolView, index: number): void {
    const high = index % 100 < restless && (this.#turns + index) % 60 < 30;
    for (const view of pool.partitions) {
      view.readings += 1000;
      view.checkpoint += 10;
      view.lagEvents = Math.round((high ? 2000 : 40) * (0.9 + 0.2 * Math.random()));
    }
    const { namespace, spec } = pool;
    if (!this.#platform.knows(namespace, spec.model)) return;
    const model = this.#platform.model(namespace, spec.model);
    // Not so many that the first training is due: Jobs are another matter.
    this.#platform.change(namespace, spec.model, { readings: model.readings + 1 });
  }
}

/** The name of a detector as holder of leases. */
function holderOf(pod: string): string {
  return `detector-${pod}-1-abcdef12`;
}
