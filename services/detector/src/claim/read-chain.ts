import type { BlobStore, SnapshotRef } from '@verdict/storage';
import { decodeChanges, type SnapshotChanges } from '../state/changes-codec.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';
import { decodeSnapshot, matchesName, type Snapshot, UnusableSnapshot } from '../state/snapshot-codec.ts';
import type { SnapshotChain } from './store-snapshot.ts';

/** One snapshot of a chain, checked: its digest, where it ends, and what it follows. */
interface Link<Read> {
  readonly ref: SnapshotRef;
  readonly bytes: number;
  readonly read: Read;
}

/** A whole snapshot and the changes behind it. */
export interface ReadChain {
  readonly whole: Link<Snapshot>;
  readonly changes: readonly Link<SnapshotChanges>[];
}

/** The chains that snapshots, newest first, are of: the newest chain first, each from its whole snapshot on. */
export function chainsOf(snapshots: readonly SnapshotRef[]): SnapshotRef[][] {
  const chains = new Map<string, SnapshotRef[]>();
  for (const ref of snapshots) {
    const head = ref.base ?? ref.blob;
    const chain = chains.get(head);
    if (chain === undefined) chains.set(head, [ref]);
    else chain.unshift(ref);
  }
  return [...chains.values()];
}

/** As much of a chain as can be read; null when not even its whole snapshot can. Hears of what cannot be used. */
export async function readChain(
  blobs: Pick<BlobStore, 'get'>,
  refs: readonly SnapshotRef[],
  unusable: (ref: SnapshotRef, error: unknown) => void,
): Promise<ReadChain | null> {
  const [head, ...others] = refs;
  if (head === undefined || head.base !== null) return null;
  const found = await Promise.all(refs.map((ref) => blobs.get(ref.blob)));
  let whole: Link<Snapshot>;
  try {
    whole = link(head, found[0], decodeSnapshot);
  } catch (error) {
    unusable(head, error);
    return null;
  }
  const changes: Link<SnapshotChanges>[] = [];
  for (const [place, ref] of others.entries()) {
    try {
      const one = link(ref, found[place + 1], decodeChanges);
      if (one.read.after !== newestOf({ whole, changes }).blob)
        throw new UnusableSnapshot(`it follows ${one.read.after}`);
      changes.push(one);
    } catch (error) {
      unusable(ref, error);
      break;
    }
  }
  return { whole, changes };
}

export function newestOf({ whole, changes }: ReadChain): SnapshotRef {
  return (changes.at(-1) ?? whole).ref;
}

/** The chain without its last changes; null when it has none. */
export function withoutNewest({ whole, changes }: ReadChain): ReadChain | null {
  return changes.length === 0 ? null : { whole, changes: changes.slice(0, -1) };
}

/** What further changes of this memory, which was restored from the chain, can follow. */
export function chainOf(read: ReadChain, { engine, shadow }: PartitionMemory): SnapshotChain {
  const { whole, changes } = read;
  const newest = newestOf(read);
  return {
    base: whole.ref.blob,
    newest: newest.blob,
    sequence: newest.sequence,
    length: changes.length,
    baseBytes: whole.bytes,
    changedBytes: changes.reduce((sum, { bytes }) => sum + bytes, 0),
    engine,
    shadow,
  };
}

function link<Read extends { readonly sequence: number }>(
  ref: SnapshotRef,
  bytes: Uint8Array | null | undefined,
  decode: (bytes: Uint8Array) => Read,
): Link<Read> {
  if (bytes === null || bytes === undefined) throw new UnusableSnapshot('it is missing');
  if (!matchesName(ref.blob, bytes))
    throw new UnusableSnapshot('its bytes are not those that it was named after');
  const read = decode(bytes);
  if (read.sequence !== ref.sequence)
    throw new UnusableSnapshot(`it goes to ${read.sequence}, not to ${ref.sequence}`);
  return { ref, bytes: bytes.length, read };
}
