import type {
  AnomalyModelSpec,
  DetectorPoolSpec,
  Evaluation,
  ModelManifest,
  PartitionPlan,
  Plan,
  TrainingRunView,
  VersionState,
} from '@verdict/contracts';

export interface ModelRow {
  readonly namespace: string;
  readonly name: string;
  readonly spec: AnomalyModelSpec;
}

export interface PoolRow {
  readonly namespace: string;
  readonly name: string;
  readonly spec: DetectorPoolSpec;
}

export interface VersionRow {
  readonly version: number;
  readonly state: VersionState;
  readonly createdAtMs: number;
  readonly manifest: ModelManifest | null;
  readonly evaluation: Evaluation | null;
}

/** Models, their versions and trainings, pools and their plans. Every write tells the change feed. */
export interface RegistryStore {
  putModel(model: ModelRow): Promise<void>;
  models(): Promise<ModelRow[]>;
  /** Ascending by version; version 0 is not stored and not listed. */
  versions(namespace: string, model: string): Promise<VersionRow[]>;
  /** Gives the next version number of a model; never gives one twice. */
  reserveVersion(namespace: string, model: string): Promise<number>;
  putVersion(namespace: string, model: string, version: VersionRow): Promise<void>;
  /** Records a trigger before the job starts; false when this id was used before. */
  beginTraining(run: { namespace: string; model: string; triggerId: string }): Promise<boolean>;
  endTraining(run: {
    namespace: string;
    model: string;
    triggerId: string;
    state: 'succeeded' | 'refused' | 'failed';
    version: number | null;
    message: string;
  }): Promise<void>;
  /** The record of one training, however old; null = this id was never used. */
  training(namespace: string, model: string, triggerId: string): Promise<TrainingRunView | null>;
  /** Newest first. */
  trainings(namespace: string, model: string, limit: number): Promise<TrainingRunView[]>;
}

/** Pools and their partition plans. */
export interface PlanStore {
  /** Throws `ModelTaken` when another pool serves the model. */
  putPool(pool: PoolRow): Promise<void>;
  pools(): Promise<PoolRow[]>;
  /** Revision 0 and no partitions where nothing was ever written. */
  plan(pool: string): Promise<Plan>;
  /** Replaces the plan when `expectedRevision` is the stored one; null when it is not. */
  writePlan(
    pool: string,
    expectedRevision: number,
    partitions: Record<string, PartitionPlan>,
  ): Promise<Plan | null>;
  /** Lease, checkpoint and version of each partition that anybody ever claimed, and live members. */
  poolState(pool: string): Promise<PoolState>;
}

export interface PoolState {
  readonly partitions: readonly {
    partition: string;
    holder: string | null;
    epoch: number;
    version: number | null;
    /** Version scored beside it at the last commit; null = none. */
    shadow: number | null;
    checkpoint: number;
    /** Readings committed in its whole life, each once, and repeated ones that were dropped. */
    readings: number;
    duplicates: number;
    /** Address of the holder. */
    address: string | null;
  }[];
  readonly members: readonly { holder: string; address: string | null; seenAtMs: number }[];
}

export class ModelTaken extends Error {
  override readonly name = 'ModelTaken';
}
