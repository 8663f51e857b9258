import { createHash } from 'node:crypto';

/** Whose state a snapshot holds. */
export interface SnapshotOwner {
  /** `namespace/pool`. */
  readonly pool: string;
  readonly partition: string;
  readonly epoch: number;
}

/** All snapshots of a partition begin so. */
export function snapshotPrefix({ pool, partition }: Pick<SnapshotOwner, 'pool' | 'partition'>): string {
  return `state/${pool}/${partition}/`;
}

/** Name of a snapshot's blob: who made it, how far it goes, and what it holds. */
export function snapshotName(owner: SnapshotOwner, sequence: number, bytes: Uint8Array): string {
  return `${snapshotPrefix(owner)}${owner.epoch}-${sequence}-${digestOf(bytes)}`;
}

/** Whether the bytes are those that the name speaks of. */
export function matchesName(name: string, bytes: Uint8Array): boolean {
  return name.endsWith(`-${digestOf(bytes)}`);
}

/** Epoch of the lease holder who wrote a snapshot; null for a name that is none. */
export function epochOfName(name: string): number | null {
  const match = /\/(\d+)-\d+-[0-9a-f]{16}$/.exec(name);
  return match === null ? null : Number(match[1]);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
