import {
  AnomalyModelSpec,
  DetectorPoolSpec,
  type ModelView,
  type PartitionPlan,
  type Plan,
  type PoolView,
  type RolloutCommand,
  type RolloutRecord,
  type RolloutUpdate,
  type TrainingRunView,
  type VersionState,
} from '@verdict/contracts';
import type { ConductedPlatform } from './conductor.ts';

const startedAt = '2026-01-01T00:00:00.000Z';
/** Two steps of ten seconds. */
const rollout = {
  steps: [
    { share: 0.5, pauseSeconds: 10 },
    { share: 1, pauseSeconds: 10 },
  ],
  analysis: { intervalSeconds: 5, minimumReadings: 20 },
};

/** A platform in memory: models with their trainings and versions, pools with plans, rollouts and what was scored. */
export class InMemoryPlatform implements ConductedPlatform {
  readonly #models = new Map<string, ModelView>();
  readonly #pools = new Map<string, PoolView>();
  /** While false, every call is refused as by a gateway that is away. */
  available = true;
  /** Pools whose plans cannot be written. */
  readonly broken = new Set<string>();
  /** Calls of `models`, answered or not. */
  rounds = 0;
  /** Runs before a write, and again after it: what others do in between, or a crash. */
  aroundWrite: (what: 'rollout' | 'state' | 'plan', pool: PoolView) => void = () => undefined;

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
      spec: DetectorPoolSpec.parse({ model: name, consumerGroup: name, rollout }),
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
        shadow: null,
        shadows: [],
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
    const model = this.model(name);
    const run = { triggerId, state, startedAt, endedAt: null, version, message: '' };
    model.trainings = [run, ...model.trainings.filter((one) => one.triggerId !== triggerId)];
    if (version === null) return;
    const view = { version, createdAt: startedAt, manifest: null, evaluation: null, servesSince: null };
    model.versions = [...model.versions, { ...view, state: 'accepted' }];
  }

  /** Every partition of a pool scores so many readings as its plan says; `alarming` versions alarm at each. */
  score(name: string, readings: number, alarming: readonly number[] = []): void {
    const pool = this.pool(name);
    for (const view of pool.partitions) {
      const version = pool.plan.partitions[view.partition]?.version ?? 0;
      let figures = view.figures.find((one) => one.version === version);
      if (!figures) {
        figures = { version, readings: 0, anomalies: 0, alarms: 0, quieted: 0, errors: 0, since: startedAt };
        view.figures.push(figures);
      }
      figures.readings += readings;
      if (alarming.includes(version)) figures.alarms += readings;
      view.readings += readings;
      view.version = version;
    }
  }

  ask(name: string, command: RolloutCommand): void {
    this.pool(name).rollout.commands.push(command);
  }

  plan(name: string, namespace = 'default'): Plan {
    return this.pool(name, namespace).plan;
  }

  /** Version that each partition is to be served with. */
  served(name: string, namespace = 'default'): number[] {
    const { plan, partitions } = this.pool(name, namespace);
    return partitions.map(({ partition }) => plan.partitions[partition]?.version ?? 0);
  }

  async models(): Promise<ModelView[]> {
    this.rounds += 1;
    return this.#answer([...this.#models.values()]);
  }

  async pools(): Promise<PoolView[]> {
    return this.#answer([...this.#pools.values()]);
  }

  async saveRollout(seen: PoolView, update: RolloutUpdate): Promise<RolloutRecord | null> {
    return this.#write('rollout', seen, (pool) => {
      if (pool.rollout.revision !== seen.rollout.revision) return null;
      const { state, baseline, events } = structuredClone(update);
      const commands = pool.rollout.commands.filter(({ id }) => !state.handledCommands.includes(id));
      const said = events.map((event) => ({ ...event, at: startedAt }));
      const revision = seen.rollout.revision + 1;
      pool.rollout = { revision, state, baseline, commands, events: [...pool.rollout.events, ...said] };
      return pool.rollout;
    });
  }

  async setVersionState(seen: PoolView, version: number, state: VersionState): Promise<void> {
    this.#write('state', seen, () => {
      const model = this.model(seen.spec.model, seen.namespace);
      model.versions = model.versions.map((one) => (one.version === version ? { ...one, state } : one));
    });
  }

  async writePlan(seen: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null> {
    return this.#write('plan', seen, (pool) => {
      if (this.broken.has(seen.name)) throw new Error(`pool ${seen.name} cannot be written`);
      if (pool.plan.revision !== seen.plan.revision) return null;
      pool.plan = { revision: pool.plan.revision + 1, partitions: structuredClone(partitions) };
      return pool.plan;
    });
  }

  /** Somebody else writes the plan. */
  overwrite(name: string, partitions: Record<string, PartitionPlan>): void {
    const pool = this.pool(name);
    pool.plan = { revision: pool.plan.revision + 1, partitions };
  }

  /** A model itself, to change it. */
  model(name: string, namespace = 'default'): ModelView {
    const model = this.#models.get(`${namespace}/${name}`);
    if (!model) throw new Error(`no model ${namespace}/${name}`);
    return model;
  }

  /** A pool itself, to change it. */
  pool(name: string, namespace = 'default'): PoolView {
    const pool = this.#pools.get(`${namespace}/${name}`);
    if (!pool) throw new Error(`no pool ${namespace}/${name}`);
    return pool;
  }

  #write<T>(what: 'rollout' | 'state' | 'plan', seen: PoolView, write: (pool: PoolView) => T): T {
    this.#answer(null);
    this.aroundWrite(what, seen);
    const written = write(this.pool(seen.name, seen.namespace));
    this.aroundWrite(what, seen);
    return structuredClone(written);
  }

  #answer<T>(value: T): T {
    if (!this.available) throw new Error('the gateway is away');
    return structuredClone(value);
  }
}
