import { z } from 'zod';
import { IsoTime, ResourceName } from './names.ts';
import { AutoscalingSpec, DetectorResources, DisruptionSpec, SpreadSpec } from './operation.ts';
import { PartitionPlan } from './partition-plan.ts';
import { RolloutRecord, RolloutSpec } from './rollout.ts';
import { ShadowFigures, VersionFigures } from './version-figures.ts';

/** `spec` of a DetectorPool. */
export const DetectorPoolSpec = z.strictObject({
  /** Name of the AnomalyModel that the pool serves. */
  model: ResourceName,
  /** Consumer group of the data hub; one per pool. */
  consumerGroup: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[A-Za-z0-9._$-]+$/),
  /** Detector processes. On Kubernetes leave it out where an autoscaler writes it. */
  replicas: z.int().min(0).max(64).default(1),
  rollout: RolloutSpec.prefault({}),
  /** Kubernetes: what a detector asks for, and the most it gets. */
  resources: DetectorResources,
  /** Kubernetes: so long a detector that is to stop may take to hand over its partitions. One machine: 8 s. */
  drainSeconds: z.int().min(10).max(3600).default(30),
  /** Kubernetes: who writes `replicas`; absent = a person. */
  autoscaling: AutoscalingSpec.optional(),
  /** Kubernetes: how detectors are spread over zones and nodes. */
  spread: SpreadSpec.prefault({}),
  /** Kubernetes: how many detectors may be away at a time. */
  disruption: DisruptionSpec.prefault({}),
});
export type DetectorPoolSpec = z.output<typeof DetectorPoolSpec>;

/** Which version each partition of a pool is to be served with. Written with If-Match on the revision. */
export const Plan = z.strictObject({
  /** Grows by one with every write; 0 = never written, every partition serves version 0. */
  revision: z.int().nonnegative(),
  /** Partition id → plan. A partition that is not named serves version 0. */
  partitions: z.record(z.string(), PartitionPlan),
});
export type Plan = z.output<typeof Plan>;

/** Body of `PUT /pools/{name}/plan`; the header `If-Match: "<revision>"` names the revision it replaces. */
export const PlanUpdate = z.strictObject({ partitions: z.record(z.string(), PartitionPlan) });
export type PlanUpdate = z.output<typeof PlanUpdate>;

/** A partition of a pool, as it really is. */
export const PartitionView = z.object({
  partition: z.string(),
  /** Who holds the lease; null = nobody. */
  holder: z.string().nullable(),
  epoch: z.int().nonnegative(),
  /** Version in force at the last commit; null before the first one. */
  version: z.int().nonnegative().nullable(),
  /** Version scored beside it at the last commit; null = none. */
  shadow: z.int().nonnegative().nullable().default(null),
  planned: PartitionPlan,
  /** Sequence number committed last; -1 = none. */
  checkpoint: z.int(),
  /** Readings committed in its whole life; each counts once, however often it was sent or processed. */
  readings: z.int().nonnegative(),
  /** Repeated readings that were dropped. */
  duplicates: z.int().nonnegative(),
  /** Events in the hub behind the checkpoint; null when unknown. */
  lagEvents: z.int().nonnegative().nullable(),
  /** What each version did here that is named by the plan or the rollout, or scored in the last 30 days; ascending. */
  figures: z.array(VersionFigures),
  /** What versions scored beside others did, over the same readings; ascending by version and shadow. */
  shadows: z.array(ShadowFigures).default([]),
});
export type PartitionView = z.infer<typeof PartitionView>;

/** Query of `GET /pools`: without any of these all pools are meant. What fits nothing is an empty list, no error. */
export const PoolsQuery = z.strictObject({
  namespace: ResourceName.optional(),
  name: ResourceName.optional(),
  /** Only the pool that serves this model. */
  model: ResourceName.optional(),
});
export type PoolsQuery = z.output<typeof PoolsQuery>;

/** Item of `GET /pools`. */
export const PoolView = z.object({
  namespace: ResourceName,
  name: ResourceName,
  spec: DetectorPoolSpec,
  plan: Plan,
  partitions: z.array(PartitionView),
  /** Live detectors. */
  members: z.array(z.object({ holder: z.string(), address: z.string().nullable(), seenAt: IsoTime })),
  rollout: RolloutRecord,
});
export type PoolView = z.infer<typeof PoolView>;
