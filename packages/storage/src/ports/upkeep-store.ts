/** Forgetting models and pools, and knowing what must not be forgotten. */
export interface UpkeepStore {
  /**
   * Versions that the partitions of a pool are or were served with (or were scored beside), as far back as a restart
   * replays, and those that live detectors are pinned to; ascending.
   */
  versionsInForce(pool: string): Promise<number[]>;
  /**
   * Deletes a pool's declaration, plan, rollout, leases and figures; history and anomalies stay. Gives the names of its
   * snapshots, which nothing refers to any more. Fine if there is none. Throws `StillInUse` while detectors serve it.
   */
  deletePool(namespace: string, name: string): Promise<string[]>;
  /**
   * Deletes a model, its versions, trainings and trust, and its pools as `deletePool` does; version numbers go on from
   * where they were. Fine if there is none. Throws `StillInUse` while detectors serve it or a training runs.
   */
  deleteModel(namespace: string, name: string): Promise<string[]>;
}

/** What is to be deleted is in use; the message is a sentence without its full stop. */
export class StillInUse extends Error {
  override readonly name = 'StillInUse';
}
