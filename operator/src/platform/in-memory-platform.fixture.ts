import { isDeepStrictEqual } from 'node:util';
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
  type TrainingRunView,
  type VersionState,
} from '@verdict/contracts';
import { championOf } from '@verdict/lifecycle';
import type { Platform, PlatformName, Pruned } from './platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from './platform-error.ts';
import { builtIn, newModel, newPool, newVersion, servedPool } from './platform-views.fixture.ts';

/** The writes of the port, as `around` is told of them. */
export type PlatformWrite = Exclude<keyof Platform, 'models' | 'pools'>;

const keyOf = ({ namespace, name }: PlatformName): string => `${namespace}/${name}`;
const isRunning = ({ state }: TrainingRunView): boolean => state === 'running';

/** A platform in memory; its rules are the gateway's. Tests also change what people, trainings and detectors change. */
export class InMemoryPlatform implements Platform {
  readonly #models = new Map<string, ModelView>();
  readonly #pools = new Map<string, PoolView>();
  /** Every id that was ever used, by model. */
  readonly #trainings = new Map<string, Map<string, TrainingRunView>>();
  readonly #nowMs: () => number;
  readonly #partitions: readonly string[];
  /** While false, every call is refused as by a gateway that is away. */
  available = true;
  /** Reads of models so far, and every write that was done, as `beginTraining default/shop asked-1`. */
  reads = 0;
  readonly writes: string[] = [];
  /** Runs before a write is done, and again after it: what others do in between. */
  around: (write: PlatformWrite, when: 'before' | 'after') => void | Promise<void> = () => undefined;

  constructor({ nowMs = Date.now, partitions = 4 }: { nowMs?: () => number; partitions?: number } = {}) {
    this.#nowMs = nowMs;
    this.#partitions = Array.from({ length: partitions }, (_, index) => String(index));
  }

  /** Without a namespace: of all. */
  async models(namespace?: string): Promise<readonly ModelView[]> {
    this.reads++;
    const models = within(this.#models, namespace);
    return this.#answer(models.map((model) => ({ ...model, champion: this.#championOf(model) })));
  }

  async pools(namespace?: string): Promise<readonly PoolView[]> {
    return this.#answer(within(this.#pools, namespace));
  }

  putModel(name: PlatformName, spec: AnomalyModelSpec): Promise<void> {
    return this.#write('putModel', name, '', () => {
      const known = this.#models.get(keyOf(name));
      if (known && isDeepStrictEqual(known.spec, spec)) return;
      this.#models.set(keyOf(name), { ...newModel(name, spec), ...known, spec: structuredClone(spec) });
    });
  }

  beginTraining(model: PlatformName, triggerId: string): Promise<TrainingRunView> {
    return this.#write('beginTraining', model, triggerId, () => {
      const all = this.#runsOf(model);
      const startedAt = new Date(this.#nowMs()).toISOString();
      const end = { endedAt: null, version: null, message: '' };
      if (!all.has(triggerId)) all.set(triggerId, { triggerId, state: 'running', startedAt, ...end });
      return this.#shown(model, triggerId);
    });
  }

  failTraining(model: PlatformName, triggerId: string, message: string): Promise<TrainingRunView> {
    return this.#write('failTraining', model, triggerId, () => {
      this.endTraining(model, triggerId, { state: 'failed', message });
      return this.#shown(model, triggerId);
    });
  }

  pruneVersions(model: PlatformName, keep: number): Promise<Pruned> {
    return this.#write('pruneVersions', model, String(keep), () => ({ retired: [], deleted: [] }));
  }

  deleteModel(name: PlatformName): Promise<void> {
    return this.#write('deleteModel', name, '', () => {
      const pools = within(this.#pools, name.namespace).filter(({ spec }) => spec.model === name.name);
      if (pools.some(isHeld) || this.#models.get(keyOf(name))?.trainings.some(isRunning))
        throw new PlatformRefusedError('Not deleted: detectors are at work.', { status: 409 });
      for (const pool of pools) this.#pools.delete(keyOf(pool));
      this.#models.delete(keyOf(name));
      this.#trainings.delete(keyOf(name));
    });
  }

  putPool(name: PlatformName, spec: DetectorPoolSpec): Promise<void> {
    return this.#write('putPool', name, '', () => {
      const others = within(this.#pools, name.namespace).filter((one) => one.name !== name.name);
      if (others.some((one) => one.spec.model === spec.model))
        throw new PlatformRefusedError('Another pool serves this model.', { status: 409 });
      const known = this.#pools.get(keyOf(name));
      if (known) known.spec = structuredClone(spec);
      else this.#pools.set(keyOf(name), newPool(name, structuredClone(spec), this.#partitions));
    });
  }

  withdrawPool(name: PlatformName): Promise<void> {
    return this.#write('withdrawPool', name, '', () => {
      const pool = this.#pools.get(keyOf(name));
      if (pool && isHeld(pool)) throw new PlatformRefusedError('Detectors serve it.', { status: 409 });
      this.#pools.delete(keyOf(name));
    });
  }

  saveRollout(seen: PoolView, update: RolloutUpdate): Promise<RolloutRecord | null> {
    return this.#write('saveRollout', seen, '', () => {
      const pool = this.pool(seen.namespace, seen.name);
      if (pool.rollout.revision !== seen.rollout.revision) return null;
      const { state, baseline, events } = structuredClone(update);
      const at = new Date(this.#nowMs()).toISOString();
      const commands = pool.rollout.commands.filter(({ id }) => !state.handledCommands.includes(id));
      const said = [...pool.rollout.events, ...events.map((event) => ({ ...event, at }))];
      pool.rollout = { revision: seen.rollout.revision + 1, state, baseline, commands, events: said };
      return pool.rollout;
    });
  }

  setVersionState(seen: PoolView, version: number, state: VersionState): Promise<void> {
    return this.#write('setVersionState', seen, `${version} ${state}`, () => {
      const model = this.model(seen.namespace, seen.spec.model);
      model.versions = model.versions.map((one) => (one.version === version ? { ...one, state } : one));
    });
  }

  writePlan(seen: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null> {
    return this.#write('writePlan', seen, '', () => {
      const pool = this.pool(seen.namespace, seen.name);
      if (pool.plan.revision !== seen.plan.revision) return null;
      pool.plan = { revision: pool.plan.revision + 1, partitions: structuredClone(partitions) };
      for (const view of pool.partitions) view.planned = pool.plan.partitions[view.partition] ?? builtIn;
      return pool.plan;
    });
  }

  /** A model that was declared by somebody else. */
  addModel(namespace: string, name: string): void {
    this.#models.set(
      `${namespace}/${name}`,
      newModel({ namespace, name }, AnomalyModelSpec.parse({ series: ['**'] })),
    );
  }

  /** A version comes into the registry. */
  addVersion(namespace: string, name: string, version: number, state: VersionState = 'accepted'): void {
    const model = this.model(namespace, name);
    const createdAt = new Date(this.#nowMs()).toISOString();
    const made = newVersion(version, { state, createdAt, baselineVersion: model.champion });
    this.change(namespace, name, { versions: [...model.versions, made] });
  }

  /** A pool of the model of its name, whose one partition a detector holds. */
  addServedPool(namespace: string, name: string): void {
    this.#pools.set(`${namespace}/${name}`, servedPool({ namespace, name }));
  }

  removePool(namespace: string, name: string): void {
    this.#pools.delete(`${namespace}/${name}`);
  }

  ask(namespace: string, name: string, command: RolloutCommand): void {
    this.pool(namespace, name).rollout.commands.push(command);
  }

  /** What a training does at its end; the first end counts. */
  endTraining(
    model: PlatformName,
    triggerId: string,
    end: { state: 'succeeded' | 'refused' | 'failed'; version?: number; message?: string },
  ): void {
    const all = this.#runsOf(model);
    const run = all.get(triggerId);
    if (!run) throw new PlatformRefusedError(`The training ${triggerId} never began.`, { status: 404 });
    if (!isRunning(run)) return;
    const endedAt = new Date(this.#nowMs()).toISOString();
    const { state, version = null, message = '' } = end;
    all.set(triggerId, { ...run, state, version, message, endedAt });
    this.#shown(model, triggerId);
  }

  /** Older trainings are known, but not listed any more. */
  forgetTrainings(namespace: string, name: string): void {
    this.change(namespace, name, { trainings: [] });
  }

  /** Changes what is known of a model. */
  change(namespace: string, name: string, more: Partial<ModelView>): void {
    this.#models.set(`${namespace}/${name}`, { ...this.model(namespace, name), ...more });
  }

  knows(namespace: string, name: string): boolean {
    return this.#models.has(`${namespace}/${name}`);
  }

  /** A model itself, to look at or change it. */
  model(namespace: string, name: string): ModelView {
    const model = this.#models.get(`${namespace}/${name}`);
    if (!model) throw new Error(`no model ${namespace}/${name}`);
    return model;
  }

  /** A pool itself, to look at or change it. */
  pool(namespace: string, name: string): PoolView {
    const pool = this.#pools.get(`${namespace}/${name}`);
    if (!pool) throw new Error(`no pool ${namespace}/${name}`);
    return pool;
  }

  /** All pools themselves, as detectors see them. */
  allPools(): PoolView[] {
    return [...this.#pools.values()];
  }

  /** As its pool serves it; without a rollout what the test says. */
  #championOf({ namespace, name, champion }: ModelView): number {
    const pool = within(this.#pools, namespace).find(({ spec }) => spec.model === name);
    if (!pool?.rollout.state) return champion;
    return championOf(
      pool.partitions.map(({ planned }) => planned.version),
      pool.rollout.state,
    );
  }

  #runsOf(model: PlatformName): Map<string, TrainingRunView> {
    const all = this.#trainings.get(keyOf(model)) ?? new Map<string, TrainingRunView>();
    this.#trainings.set(keyOf(model), all);
    return all;
  }

  /** The record, and the model's list brought up to it. */
  #shown(name: PlatformName, triggerId: string): TrainingRunView {
    const all = this.#runsOf(name);
    const view = this.#models.get(keyOf(name));
    const run = all.get(triggerId);
    if (!view || !run) throw new PlatformRefusedError('There is no such model or training.', { status: 404 });
    this.#models.set(keyOf(name), { ...view, trainings: [...all.values()].reverse().slice(0, 20) });
    return run;
  }

  async #write<T>(write: PlatformWrite, name: PlatformName, what: string, act: () => T): Promise<T> {
    this.#answer(null);
    await this.around(write, 'before');
    const done = act();
    this.writes.push(`${write} ${keyOf(name)} ${what}`.trim());
    await this.around(write, 'after');
    return structuredClone(done);
  }

  #answer<T>(value: T): T {
    if (!this.available) throw new PlatformUnavailableError('the gateway is away');
    return structuredClone(value);
  }
}

function within<T extends PlatformName>(all: ReadonlyMap<string, T>, namespace: string | undefined): T[] {
  return [...all.values()].filter((one) => namespace === undefined || one.namespace === namespace);
}

function isHeld({ partitions }: PoolView): boolean {
  return partitions.some(({ holder }) => holder !== null);
}
