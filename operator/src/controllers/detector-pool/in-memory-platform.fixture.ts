import {
  AnomalyModelSpec,
  type DetectorPoolSpec,
  type ModelView,
  type PartitionPlan,
  type Plan,
  type PoolView,
  type RolloutCommand,
  type RolloutRecord,
  type RolloutUpdate,
  type VersionState,
} from '@verdict/contracts';
import type { PlatformName, PlatformReader, PoolPlatform } from '../../platform/platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from '../../platform/platform-error.ts';

const at = '2026-01-01T00:00:00.000Z';

/** A platform in memory: what was declared to it, plans, rollouts, and what detectors scored. */
export class InMemoryPlatform implements PlatformReader, PoolPlatform {
  readonly #models = new Map<string, ModelView>();
  readonly #pools = new Map<string, PoolView>();
  readonly #partitions: readonly string[];
  /** While false, every call is refused as by a gateway that is away. */
  available = true;
  /** What was written, such as `plan team-a/shop`. */
  readonly writes: string[] = [];
  /** Told before a write is done, and again after it; may throw, for a write or an answer that gets lost. */
  aroundWrite: (what: string, when: 'before' | 'after') => void = () => undefined;

  constructor(partitions = 4) {
    this.#partitions = Array.from({ length: partitions }, (_, index) => String(index));
  }

  addModel(namespace: string, name: string): void {
    this.#models.set(`${namespace}/${name}`, {
      namespace,
      name,
      spec: AnomalyModelSpec.parse({ series: ['**'] }),
      champion: 0,
      versions: [],
      trainings: [],
      series: 1,
      readings: 0,
      anomalies: { total: 0, lastDay: 0, judgedTrue: 0, judgedFalse: 0 },
      trust: null,
      asked: null,
    });
  }

  addVersion(namespace: string, name: string, version: number): void {
    const model = this.model(namespace, name);
    const view = { version, createdAt: at, manifest: null, evaluation: null, servesSince: null };
    model.versions = [...model.versions, { ...view, state: 'accepted' }];
  }

  ask(namespace: string, name: string, command: RolloutCommand): void {
    this.pool(namespace, name).rollout.commands.push(command);
  }

  async models(namespace: string): Promise<readonly ModelView[]> {
    return this.#answer([...this.#models.values()].filter((one) => one.namespace === namespace));
  }

  async pools(namespace: string): Promise<readonly PoolView[]> {
    return this.#answer([...this.#pools.values()].filter((one) => one.namespace === namespace));
  }

  async putPool({ namespace, name }: PlatformName, spec: DetectorPoolSpec): Promise<void> {
    const key = `${namespace}/${name}`;
    this.#write(`pool ${key}`, () => {
      const others = [...this.#pools.values()].filter(
        (one) => one.namespace === namespace && one.name !== name,
      );
      if (others.some((one) => one.spec.model === spec.model))
        throw new PlatformRefusedError('Another pool serves this model.', { status: 409 });
      const known = this.#pools.get(key);
      if (known) known.spec = structuredClone(spec);
      else this.#pools.set(key, this.#newPool(namespace, name, structuredClone(spec)));
    });
  }

  async deletePool({ namespace, name }: PlatformName): Promise<void> {
    const key = `${namespace}/${name}`;
    this.#write(`no pool ${key}`, () => {
      if (this.#pools.get(key)?.partitions.some(({ holder }) => holder !== null))
        throw new PlatformRefusedError('Detectors serve it.', { status: 409 });
      this.#pools.delete(key);
    });
  }

  async saveRollout(seen: PoolView, update: RolloutUpdate): Promise<RolloutRecord | null> {
    return this.#write(`rollout ${keyOf(seen)}`, () => {
      const pool = this.pool(seen.namespace, seen.name);
      if (pool.rollout.revision !== seen.rollout.revision) return null;
      const { state, baseline, events } = structuredClone(update);
      const commands = pool.rollout.commands.filter(({ id }) => !state.handledCommands.includes(id));
      const said = [...pool.rollout.events, ...events.map((event) => ({ ...event, at }))];
      pool.rollout = { revision: seen.rollout.revision + 1, state, baseline, commands, events: said };
      return pool.rollout;
    });
  }

  async setVersionState(seen: PoolView, version: number, state: VersionState): Promise<void> {
    this.#write(`state ${keyOf(seen)} v${version} ${state}`, () => {
      const model = this.model(seen.namespace, seen.spec.model);
      model.versions = model.versions.map((one) => (one.version === version ? { ...one, state } : one));
    });
  }

  async writePlan(seen: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null> {
    return this.#write(`plan ${keyOf(seen)}`, () => {
      const pool = this.pool(seen.namespace, seen.name);
      if (pool.plan.revision !== seen.plan.revision) return null;
      pool.plan = { revision: pool.plan.revision + 1, partitions: structuredClone(partitions) };
      for (const view of pool.partitions) view.planned = pool.plan.partitions[view.partition] ?? builtIn;
      return pool.plan;
    });
  }

  /** A model itself, to change it. */
  model(namespace: string, name: string): ModelView {
    const model = this.#models.get(`${namespace}/${name}`);
    if (!model) throw new Error(`no model ${namespace}/${name}`);
    return model;
  }

  /** All pools themselves, as detectors see them. */
  allPools(): PoolView[] {
    return [...this.#pools.values()];
  }

  /** A pool itself, to change it. */
  pool(namespace: string, name: string): PoolView {
    const pool = this.#pools.get(`${namespace}/${name}`);
    if (!pool) throw new Error(`no pool ${namespace}/${name}`);
    return pool;
  }

  #newPool(namespace: string, name: string, spec: DetectorPoolSpec): PoolView {
    const life = { version: null, checkpoint: -1, readings: 0, duplicates: 0, lagEvents: 0 };
    return {
      namespace,
      name,
      spec,
      plan: { revision: 0, partitions: {} },
      partitions: this.#partitions.map((partition) => ({
        partition,
        holder: null,
        epoch: 0,
        planned: builtIn,
        ...life,
        figures: [],
        shadow: null,
        shadows: [],
      })),
      members: [],
      rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
    };
  }

  #write<T>(what: string, write: () => T): T {
    this.#answer(null);
    this.aroundWrite(what, 'before');
    const written = write();
    this.writes.push(what);
    this.aroundWrite(what, 'after');
    return structuredClone(written);
  }

  #answer<T>(value: T): T {
    if (!this.available) throw new PlatformUnavailableError('the gateway is away');
    return structuredClone(value);
  }
}

const builtIn: PartitionPlan = { version: 0, shadow: null, fallback: null };

function keyOf({ namespace, name }: PoolView): string {
  return `${namespace}/${name}`;
}
