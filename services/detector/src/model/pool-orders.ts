import { type PartitionPlan, type Plan, seriesAssigner } from '@verdict/contracts';
import type { ModelRow, PlanStore, RegistryStore } from '@verdict/storage';
import type { BuiltInSettings } from '../state/snapshot-codec.ts';
import type { Overlay, OverlayShelf } from './overlay-shelf.ts';

/** What the registry says that this pool is to do, as it was at one moment. Never changed, only replaced. */
export interface PoolOrders {
  readonly plan: Plan;
  /** Whether a series is for this pool's model. */
  readonly owns: (series: string) => boolean;
  /** Changes exactly when `owns` may answer differently. */
  readonly assignment: string;
  /** What version 0 looks at. */
  readonly builtIn: BuiltInSettings;
  /** The pool's false-alarm memory. */
  readonly overlay: Overlay;
}

/** The pool's model is not declared (yet, or any more). */
export class ModelMissing extends Error {
  override readonly name = 'ModelMissing';
}

/** Who the pool is. */
export interface PoolIdentity {
  readonly namespace: string;
  /** `namespace/name`. */
  readonly key: string;
  readonly model: string;
}

/**
 * Reads the orders anew; keeps `before`'s assignment (and its memory of answers) when no pattern has changed.
 * Models of other namespaces do not compete for series. @throws ModelMissing
 */
export async function readOrders(
  stores: {
    plans: Pick<PlanStore, 'plan'>;
    registry: Pick<RegistryStore, 'models'>;
    overlays: Pick<OverlayShelf, 'newest'>;
  },
  pool: PoolIdentity,
  before: PoolOrders | null,
): Promise<PoolOrders> {
  const [plan, rows, overlay] = await Promise.all([
    stores.plans.plan(pool.key),
    stores.registry.models(),
    stores.overlays.newest(before?.overlay ?? null),
  ]);
  const models = rows.filter(({ namespace }) => namespace === pool.namespace);
  const own = models.find(({ name }) => name === pool.model);
  if (own === undefined)
    throw new ModelMissing(`AnomalyModel ${pool.namespace}/${pool.model} is not declared`);
  const { signals, window, recurring } = own.spec;
  const builtIn: BuiltInSettings = { signals, window, recurring };
  const assignment = assignmentOf(models);
  if (before?.assignment === assignment) return { ...before, plan, builtIn, overlay };
  const assign = seriesAssigner(models.map(({ name, spec }) => ({ name, series: spec.series })));
  return { plan, builtIn, overlay, assignment, owns: (series) => assign(series) === pool.model };
}

function assignmentOf(models: readonly ModelRow[]): string {
  const rules = models.map(({ name, spec }) => [name, ...spec.series]);
  return JSON.stringify(rules.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** What the plan says of a partition; one that it does not name is served with the built-in version. */
export function partitionPlan(plan: Plan, partition: string): PartitionPlan {
  return plan.partitions[partition] ?? { version: 0, shadow: null, fallback: null };
}

/** Version that a partition is to be served with. */
export function plannedVersion(plan: Plan, partition: string): number {
  return partitionPlan(plan, partition).version;
}
