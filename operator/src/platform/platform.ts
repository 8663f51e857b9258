import type {
  AnomalyModelSpec,
  DetectorPoolSpec,
  ModelView,
  PartitionPlan,
  Plan,
  PoolView,
  RolloutRecord,
  RolloutUpdate,
  TrainingRunView,
  VersionState,
} from '@verdict/contracts';

/** A model or pool of the platform; its namespace and name are those of the custom resource. */
export interface PlatformName {
  readonly namespace: string;
  readonly name: string;
}

/** How fresh a read must be. */
export interface ReadOptions {
  /**
   * Monotonic milliseconds: an answer that was asked for earlier will not do. Give the present moment after anything
   * was written, and before what was seen elsewhere (a Job that ended) is compared. Default: some seconds old is fine.
   */
  readonly notBeforeMs?: number;
}

/** Which pools somebody needs; an answer may hold others too. */
export interface PoolReadOptions extends ReadOptions {
  /** The one of this name. */
  readonly name?: string;
  /** The one that serves this model. */
  readonly model?: string;
}

/**
 * Reading the platform. All of it comes in one answer, which the looks of many objects share: asking for each object
 * costs no request each. One pool of which fresher news is needed is asked for by itself. Every method rejects with
 * `PlatformUnavailableError` while nothing is known.
 */
export interface PlatformReader {
  /** All models of a namespace that were declared. */
  models(namespace: string, options?: ReadOptions): Promise<readonly ModelView[]>;
  /** All pools of a namespace that were declared. */
  pools(namespace: string, options?: PoolReadOptions): Promise<readonly PoolView[]>;
}

/** What pruning did. */
export interface Pruned {
  /** Versions that are kept no more from now on: nothing may name them any longer. */
  readonly retired: readonly number[];
  /** Versions, retired by an earlier call, whose artefacts are deleted now. */
  readonly deleted: readonly number[];
}

/** How the platform is told of models. All reject with `PlatformUnavailableError` or `PlatformRefusedError`. */
export interface ModelPlatform {
  /** Declares a model, or declares it anew. */
  putModel(model: PlatformName, spec: AnomalyModelSpec): Promise<void>;
  /**
   * Records a training before its Job is created. One that is recorded already stays as it is. Gives the record: one
   * that has ended means that the id was used before.
   */
  beginTraining(model: PlatformName, triggerId: string): Promise<TrainingRunView>;
  /** Records that a training failed without a word of its own; one that has ended stays as it is. */
  failTraining(model: PlatformName, triggerId: string, message: string): Promise<TrainingRunView>;
  /** Retires versions that nothing refers to, but for the newest `keep`, and deletes what earlier calls retired. */
  pruneVersions(model: PlatformName, keep: number): Promise<Pruned>;
  /**
   * Deletes a model with its versions, trainings and trust, its artefacts, and the declarations of its pools. Refused
   * (409) while detectors serve it or a training runs. Fine if there is none.
   */
  deleteModel(model: PlatformName): Promise<void>;
}

/** How the platform is told of pools. All reject with `PlatformUnavailableError` or `PlatformRefusedError`. */
export interface PoolPlatform {
  /** Declares a pool, or declares it anew. Refused (409) when another pool serves its model. */
  putPool(pool: PlatformName, spec: DetectorPoolSpec): Promise<void>;
  /** Replaces the rollout of the pool as it was seen; null when somebody else has written it since. */
  saveRollout(seen: PoolView, update: RolloutUpdate): Promise<RolloutRecord | null>;
  /** Changes a version of the pool's model in the registry. */
  setVersionState(seen: PoolView, version: number, state: VersionState): Promise<void>;
  /** Replaces the plan of the pool as it was seen; null when somebody else has written it since. */
  writePlan(seen: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null>;
  /**
   * Takes back a pool's declaration, with plan and rollout; history and anomalies stay. Refused (409) while detectors
   * serve it. Fine if there is none.
   */
  withdrawPool(pool: PlatformName): Promise<void>;
}

/**
 * The platform as the operator sees it. Commands by annotation need no call: `poolRound` obeys those in
 * `rollout.commands` of the pool it is given, whoever put them there, and remembers their ids in the rollout's state.
 */
export interface Platform extends PlatformReader, ModelPlatform, PoolPlatform {}
