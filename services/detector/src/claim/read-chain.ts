import type { Sliced } from '@verdict/detection';
import type { BlobStore, SnapshotRef } from '@verdict/storage';
import type { PartitionMemory } from '../state/partition-memory.ts';
import type { Chain } from '../state/snapshot-chain.ts';
import { decodeSnapshot, type Snapshot } from '../state/snapshot-codec.ts';
import { matchesName } from '../state/snapshot-name.ts';
import { UnusableSnapshot } from '../state/unusable-snapshot.ts';
import { atTurn } from './at-turn.ts';
import type { DetectorParts } from './partition-run.ts';
import type { SnapshotChain } from './store-snapshot.ts';

/** One snapshot of a chain, checked: its digest, where it ends, and what it follows. */
interface Link {
  readonly ref: SnapshotRef;
  readonly bytes: number;
  readonly snapshot: Snapshot;
}

/** A whole snapshot and the changes behind it. */
export type ReadChain = Chain<Link>;

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
  parts: Pick<DetectorParts, 'turns' | 'clock'> & { readonly blobs: Pick<BlobStore, 'get'> },
  refs: readonly SnapshotRef[],
  unusable: (ref: SnapshotRef, error: unknown) => void,
): Promise<ReadChain | null> {
  if (refs[0]?.base !== null) return null;
  const found = await Promise.all(refs.map((ref) => parts.blobs.get(ref.blob)));
  const links: Link[] = [];
  for (const [place, ref] of refs.entries()) {
    try {
      const before = links.at(-1)?.ref.blob ?? null;
      links.push(await atTurn(parts, () => link(ref, found[place], before)));
    } catch (error) {
      unusable(ref, error);
      break;
    }
  }
  const [whole, ...changes] = links;
  return whole === undefined ? null : [whole, ...changes];
}

export function newestOf([whole, ...changes]: ReadChain): SnapshotRef {
  return (changes.at(-1) ?? whole).ref;
}

/** The chain without its last changes; null when it has none. */
export function withoutNewest([whole, ...changes]: ReadChain): ReadChain | null {
  return changes.length === 0 ? null : [whole, ...changes.slice(0, -1)];
}

/** What is in the links of a chain. */
export function snapshotsOf([whole, ...changes]: ReadChain): Chain<Snapshot> {
  return [whole.snapshot, ...changes.map(({ snapshot }) => snapshot)];
}

/** What further changes of this memory, which was restored from the chain, can follow. */
export function chainOf(read: ReadChain, { engine, shadow }: PartitionMemory): SnapshotChain {
  const [whole, ...changes] = read;
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

function* link(ref: SnapshotRef, bytes: Uint8Array | null | undefined, before: string | null): Sliced<Link> {
  if (bytes === null || bytes === undefined) throw new UnusableSnapshot('it is missing');
  if (!matchesName(ref.blob, bytes))
    throw new UnusableSnapshot('its bytes are not those that it was named after');
  yield 'long step';
  const snapshot = yield* decodeSnapshot(bytes);
  if (snapshot.sequence !== ref.sequence)
    throw new UnusableSnapshot(`it goes to ${snapshot.sequence}, not to ${ref.sequence}`);
  if (snapshot.after !== before) throw new UnusableSnapshot(`it follows ${snapshot.after ?? 'nothing'}`);
  return { ref, bytes: bytes.length, snapshot };
}
