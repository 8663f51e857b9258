import { type AnomalyModelSpec, type DetectorPoolSpec, seriesAssigner } from '@verdict/contracts';
import type { PlanStore, RegistryStore } from '@verdict/storage';

/** A model and the pool that serves it. */
export interface ServedModel {
  readonly namespace: string;
  readonly name: string;
  readonly spec: AnomalyModelSpec;
  /** `namespace/pool`, as stores name it. */
  readonly pool: string;
  readonly poolSpec: DetectorPoolSpec;
  /** Whether a series belongs to the model: the most specific pattern over all models wins. */
  readonly owns: (series: string) => boolean;
}

/** What says which models there are, and who serves them. */
export interface ServedModelStores {
  readonly registry: Pick<RegistryStore, 'models'>;
  readonly plans: Pick<PlanStore, 'pools'>;
}

/** All models that a pool serves; a pool of a model that is not there (yet) is left out. */
export async function servedModels({ registry, plans }: ServedModelStores): Promise<ServedModel[]> {
  const [models, pools] = [await registry.models(), await plans.pools()];
  const byName = new Map(models.map((model) => [keyOf(model), model]));
  const ownerOf = seriesAssigner(models.map((model) => ({ name: keyOf(model), series: model.spec.series })));
  return pools.flatMap((pool) => {
    const model = byName.get(`${pool.namespace}/${pool.spec.model}`);
    if (!model) return [];
    const owns = (series: string) => ownerOf(series) === keyOf(model);
    return [{ ...model, pool: `${pool.namespace}/${pool.name}`, poolSpec: pool.spec, owns }];
  });
}

function keyOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
