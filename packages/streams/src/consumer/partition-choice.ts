import type { Lease } from '../lease-store.ts';

/** What a member knows when it decides which partitions to take or to give. */
export interface Situation {
  readonly holder: string;
  /** Partitions that this member wants. */
  readonly wanted: readonly string[];
  /** Live members that want the same ones, this one included. */
  readonly peers: number;
  readonly leases: readonly Lease[];
  /** Partitions that this member reads, oldest claim first. */
  readonly held: readonly string[];
}

/** Most partitions that one of `peers` members may read: none reads more, so none is left over. */
export function fairShare(wanted: number, peers: number): number {
  return Math.ceil(wanted / Math.max(1, peers));
}

/**
 * Free partitions that may be claimed, in the order to try them, and how many of them there is room for.
 * Members begin at different places, so that they rarely go for the same one.
 */
export function whichToClaim({ holder, wanted, peers, leases, held }: Situation): {
  candidates: string[];
  room: number;
} {
  const taken = new Set(held);
  for (const lease of leases) if (lease.holder !== null) taken.add(lease.partition);
  const first = wanted.length === 0 ? 0 : placeOf(holder) % wanted.length;
  const candidates = [...wanted.slice(first), ...wanted.slice(0, first)].filter((id) => !taken.has(id));
  return { candidates, room: Math.max(0, fairShare(wanted.length, peers) - held.length) };
}

/**
 * Held partitions to give back now: all that are not wanted any more, else one if there are more than a fair
 * share, the one that was claimed last, because the least has been built up for it.
 */
export function whichToRelease({ wanted, peers, held }: Situation): string[] {
  const unwanted = held.filter((partition) => !wanted.includes(partition));
  if (unwanted.length > 0) return unwanted;
  return held.length > fairShare(wanted.length, peers) ? held.slice(-1) : [];
}

/** Some number that differs between names. */
function placeOf(name: string): number {
  let place = 0;
  for (let index = 0; index < name.length; index += 1) place = (31 * place + name.charCodeAt(index)) >>> 0;
  return place;
}
