import {
  AnomalyModelSpec,
  DetectorPoolSpec,
  type ModelView,
  type PartitionPlan,
  type Plan,
  type PoolView,
  type TrainingRunView,
} from '@verdict/contracts';
import type { ConductedPlatform } from './conductor.ts';

/** A platform in memory: models with their trainings and versions, pools with their plans. */
export class InMemoryPlatform implements ConductedPlatform {
  readonly #models = new Map<string, ModelView>();
  readonly #pools = new Map<string, PoolView>();
  /** While false, every call is refused as by a gateway that is away. */
  available = true;
  /** Pools whose plans cannot be written. */
  readonly broken = new Set<string>();
  /** Calls of `models`, answered or not. */
  rounds = 0;

  /** Adds a model with a pool of the same name and two partitions. */
  addModel(name: string, readings: number, namespace = 'default'): void {
    const spec = AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 } });
    this.#models.set(`${namespace}/${name}`, {
      namespace,
      name,
      spec,
      champion: 0,
      versions: [],
      trainings: [],
      series: 1,
      readings,
      anomalies: { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 },
      trust: null,
      asked: null,
    });
    const planned = { version: 0, shadow: null, fallback: null };
    this.#pools.set(`${namespace}/${name}`, {
      namespace,
      name,
      spec: DetectorPoolSpec.parse({ model: name, consumerGroup: name }),
      plan: { revision: 0, partitions: {} },
      partitions: ['0', '1'].map((partition) => ({
        partition,
        holder: null,
        epoch: 0,
        version: 0,
        planned,
        checkpoint: -1,
        readings: 0,
        duplicates: 0,
        lagEvents: null,
        figures: [],
      })),
      members: [],
      rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
    });
  }

  /** Records a training: begun, or how it ended; `version` is then registered as accepted. */
  record(
    name: string,
    triggerId: string,
    state: TrainingRunView['state'],
    version: number | null = null,
  ): void {
    const model = this.#model(name);
    const startedAt = '2026-01-01T00:00:00.000Z';
    const run = { triggerId, state, startedAt, endedAt: null, version, message: '' };
    model.trainings = [run, ...model.trainings.filter((one) => one.triggerId !== triggerId)];
    if (version === null) return;
    model.versions = [
      ...model.versions,
      {
        version,
        state: 'accepted',
        createdAt: startedAt,
        manifest: null,
        evaluation: null,
        servesSince: null,
      },
    ];
  }

  grow(name: string, readings: number): void {
    this.#model(name).readings = readings;
  }

  plan(name: string, namespace = 'default'): Plan {
    const pool = this.#pools.get(`${namespace}/${name}`);
    if (!pool) throw new Error(`no pool ${namespace}/${name}`);
    return pool.plan;
  }

  async models(): Promise<ModelView[]> {
    this.rounds += 1;
    return this.#answer([...this.#models.values()]);
  }

  async pools(): Promise<PoolView[]> {
    return this.#answer([...this.#pools.values()]);
  }

  /** Runs before a plan is written: what others do in between. */
  beforeWrite: () => void = () => undefined;

  async writePlan(seen: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null> {
    this.#answer(null);
    if (this.broken.has(seen.name)) throw new Error(`pool ${seen.name} cannot be written`);
    this.beforeWrite();
    const pool = this.#pools.get(`${seen.namespace}/${seen.name}`);
    if (!pool || pool.plan.revision !== seen.plan.revision) return null;
    pool.plan = { revision: pool.plan.revision + 1, partitions };
    return pool.plan;
  }

  /** Somebody else writes the plan. */
  overwrite(name: string, partitions: Record<string, PartitionPlan>): void {
    const pool = this.#pools.get(`default/${name}`);
    if (pool) pool.plan = { revision: pool.plan.revision + 1, partitions };
  }

  #model(name: string): ModelView {
    const model = this.#models.get(`default/${name}`);
    if (!model) throw new Error(`no model ${name}`);
    return model;
  }

  #answer<T>(value: T): T {
    if (!this.available) throw new Error('the gateway is away');
    return structuredClone(value);
  }
}
