import type { ModelTrust, TrustPoint } from '@verdict/contracts';
import { DatabaseUnavailable, type TrustStore, type VersionLife } from '@verdict/storage';
import type { TrustWatchParts } from '../trust/trust-watch.ts';
import { InMemoryLabels, sampleModel, samplePool } from './in-memory-labels.fixture.ts';

/** Trust in one model, in memory. */
export class InMemoryTrust implements Pick<TrustStore, 'get' | 'put'> {
  stored: { revision: number; trust: ModelTrust; signs: unknown } | null = null;
  readonly points: TrustPoint[] = [];
  told = 0;
  /** While false, everything is refused as by a database that is away. */
  available = true;

  async get(): ReturnType<TrustStore['get']> {
    this.#check();
    return this.stored;
  }

  async put({
    expectedRevision,
    trust,
    signs,
    point,
    tell,
  }: Parameters<TrustStore['put']>[0]): Promise<boolean> {
    this.#check();
    if (expectedRevision !== (this.stored?.revision ?? 0)) return false;
    this.stored = JSON.parse(JSON.stringify({ revision: expectedRevision + 1, trust, signs }));
    if (point) this.points.push(point);
    if (tell) this.told += 1;
    return true;
  }

  #check(): void {
    if (!this.available) throw new DatabaseUnavailable('the database is away');
  }
}

/** Everything that the watch of one model asks, in memory; `lives` and `served` are to be changed. */
export function trustWorld() {
  const world = { lives: [] as VersionLife[], served: [1] as (number | null)[] };
  const [labels, trust] = [new InMemoryLabels(), new InMemoryTrust()];
  const partition = {
    partition: '0',
    holder: null,
    epoch: 1,
    shadow: null,
    checkpoint: 0,
    readings: 0,
    duplicates: 0,
    address: null,
  };
  const stores: Pick<TrustWatchParts, 'registry' | 'plans' | 'rollouts' | 'labels' | 'trust'> = {
    registry: { models: async () => [sampleModel], versions: async () => [] },
    plans: {
      pools: async () => [samplePool],
      poolState: async () => ({
        partitions: world.served.map((version) => ({ ...partition, version })),
        members: [],
      }),
    },
    rollouts: {
      figures: async () => world.lives.map((life) => ({ ...life, partition: '0' })),
      get: async () => ({ revision: 0, state: null, baseline: null, events: [], commands: [] }),
    },
    labels,
    trust,
  };
  return { world, labels, trust, stores };
}
