import type { PartitionView } from '@verdict/contracts';
import { versionMark, versionName } from './version-text.ts';

/** What a partition's version is to its pool. */
export type PartitionRole = 'champion' | 'candidate' | 'other' | 'none';

/** The versions that a pool has roles for. */
export interface PoolVersions {
  readonly champion: number;
  readonly candidate: number | null;
}

type Served = Pick<PartitionView, 'holder' | 'version'>;

/** The role of the version that serves a partition; `none` while nobody serves it. */
export function roleOf({ holder, version }: Served, pool: PoolVersions): PartitionRole {
  if (holder === null || version === null) return 'none';
  if (version === pool.champion) return 'champion';
  return version === pool.candidate ? 'candidate' : 'other';
}

/** The version in the cell. */
export function cellMark({ holder, version }: Served): string {
  return holder === null || version === null ? '–' : versionMark(version);
}

/** How far a partition is behind its stream. */
export function lagText({ holder, lagEvents }: Pick<PartitionView, 'holder' | 'lagEvents'>): string {
  if (holder === null) return 'no detector';
  if (lagEvents === null) return 'running';
  return lagEvents === 0 ? 'up to date' : `${lagEvents.toLocaleString('en-US')} behind`;
}

/** A partition in a sentence, for those who cannot see its cell. */
export function partitionName(partition: PartitionView, pool: PoolVersions): string {
  const role = roleOf(partition, pool);
  const version = partition.version === null ? 'no version yet' : versionName(partition.version);
  const as = role === 'champion' || role === 'candidate' ? `, the ${role}` : '';
  const change =
    partition.planned.version !== partition.version
      ? `, planned: ${versionName(partition.planned.version)}`
      : '';
  return `Partition ${partition.partition}: ${version}${as}, ${lagText(partition)}${change}`;
}

/** How many partitions each version serves, most first; those that nobody serves are left out. */
export function partitionsPerVersion(partitions: readonly Served[]): { version: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const { holder, version } of partitions)
    if (holder !== null && version !== null) counts.set(version, (counts.get(version) ?? 0) + 1);
  return [...counts]
    .map(([version, count]) => ({ version, count }))
    .sort((a, b) => b.count - a.count || b.version - a.version);
}
