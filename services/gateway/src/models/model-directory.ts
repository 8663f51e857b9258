import { isDeepStrictEqual } from 'node:util';
import { type PatternOwner, seriesAssigner } from '@verdict/contracts';
import type { Clock } from '@verdict/process';
import type { ModelRow, PlanStore, PoolRow, RegistryStore } from '@verdict/storage';

/** Which models and pools there are, at one moment. */
export interface Directory {
  readonly models: readonly ModelRow[];
  readonly pools: readonly PoolRow[];
  /** Key of the model (`namespace/name`) that wants a series; null = none does. */
  readonly modelKeyOf: (series: string) => string | null;
  /** Key of the model that a pool (`namespace/pool`) serves; null when there is no such pool. */
  readonly modelKeyOfPool: (poolKey: string) => string | null;
  /** Key of the pool that serves a model; null when there is none. */
  readonly poolKeyOfModel: (modelKey: string) => string | null;
}

/** Key under which a resource is known everywhere. */
export function keyOf(resource: { namespace: string; name: string }): string {
  return `${resource.namespace}/${resource.name}`;
}

/** Makes a directory from rows. @param before the one before, of which is kept what it has learnt of series */
export function directoryOf(
  models: readonly ModelRow[],
  pools: readonly PoolRow[],
  before: Directory | null = null,
): Directory {
  const modelOfPool = new Map(pools.map((pool) => [keyOf(pool), `${pool.namespace}/${pool.spec.model}`]));
  const poolOfModel = new Map([...modelOfPool].map(([pool, model]) => [model, pool]));
  return {
    models,
    pools,
    modelKeyOf:
      before !== null && isDeepStrictEqual(patternsOf(before.models), patternsOf(models))
        ? before.modelKeyOf
        : seriesAssigner(patternsOf(models)),
    modelKeyOfPool: (poolKey) => modelOfPool.get(poolKey) ?? null,
    poolKeyOfModel: (modelKey) => poolOfModel.get(modelKey) ?? null,
  };
}

function patternsOf(models: readonly ModelRow[]): PatternOwner[] {
  return models.map((model) => ({ name: keyOf(model), series: model.spec.series }));
}

const keptMs = 2000;

/** Keeps the newest directory, read again at most every two seconds while somebody asks. */
export class ModelDirectory {
  readonly #registry: RegistryStore;
  readonly #plans: PlanStore;
  readonly #clock: Clock;
  #newest: Directory | null = null;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<Directory> | null = null;

  constructor(parts: { registry: RegistryStore; plans: PlanStore; clock: Clock }) {
    this.#registry = parts.registry;
    this.#plans = parts.plans;
    this.#clock = parts.clock;
  }

  /** Rejects when the database cannot be read. */
  async current(): Promise<Directory> {
    if (this.#newest !== null && this.#clock.monotonicMs() - this.#readAtMs < keptMs) return this.#newest;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  /** The newest one that was read, at once; null before the first. For the front door, which must not wait. */
  get known(): Directory | null {
    return this.#newest;
  }

  /** Makes the next question read again. */
  forget(): void {
    this.#readAtMs = Number.NEGATIVE_INFINITY;
  }

  async #read(): Promise<Directory> {
    const startedMs = this.#clock.monotonicMs();
    const [models, pools] = await Promise.all([this.#registry.models(), this.#plans.pools()]);
    this.#newest = directoryOf(models, pools, this.#newest);
    this.#readAtMs = startedMs;
    return this.#newest;
  }
}
