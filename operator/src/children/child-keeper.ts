import { createHash } from 'node:crypto';
import type { Applied, KubeWriter } from '../kube/kube-client.ts';
import { controllerOf, type KubeObject, keyOf, uidOf } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';
import type { ChildMeta } from '../resources/child.ts';
import { holdsAll } from './holds-all.ts';
import { OwnWrites } from './own-writes.ts';

/** An object as a builder of resources/ gives it. */
export type WantedChild = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly metadata: ChildMeta };

/** On a child: a digest of all that was applied, so that what we want no more is noticed too. */
const digestAnnotation = 'verdict.dev/applied';
const mostKept = 50_000;

/**
 * Keeps children as they are to be, and writes nothing where they are: neither when a cache is late, nor when the
 * server writes a value in another form than we do (`1000m` as `1`).
 */
export class ChildKeeper {
  readonly #client: Pick<KubeWriter, 'serverSideApply' | 'delete'>;
  readonly #writes: OwnWrites;
  /** By the child's uid: how the server wrote down what we applied last. */
  readonly #forms = new Map<string, string>();
  readonly #deleted = new Set<string>();

  constructor(client: Pick<KubeWriter, 'serverSideApply' | 'delete'>, monotonicMs: () => number) {
    this.#client = client;
    this.#writes = new OwnWrites(monotonicMs);
  }

  /** The newest state that is known of a child. */
  newest<T extends KubeObject>(
    kind: ResourceKind<T>,
    name: { readonly namespace: string; readonly name: string },
    cached: T | undefined,
  ): T | undefined {
    const newest = this.#writes.newest({ kind: kind.kind, ...name }, cached);
    return newest?.metadata.uid !== undefined && this.#deleted.has(newest.metadata.uid) ? undefined : newest;
  }

  /** Applies a child if it is not as wanted. @returns whether it was written */
  async keep<T extends KubeObject>(
    kind: ResourceKind<T>,
    wanted: WantedChild,
    cached: T | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const live = this.newest(kind, wanted.metadata, cached);
    // It goes; the next look makes it anew.
    if (live?.metadata.deletionTimestamp !== undefined) return false;
    const digest = digestOf(wanted);
    if (live !== undefined) {
      assertOurs(live, wanted);
      if (live.metadata.annotations?.[digestAnnotation] === digest && this.#isAsApplied(live, wanted))
        return false;
    }
    const { metadata } = wanted;
    const annotations = { ...metadata.annotations, [digestAnnotation]: digest };
    // The builders give whole objects; that they are such of this kind, the type parameter cannot say.
    const applied = { ...wanted, metadata: { ...metadata, annotations } } as unknown as Applied<T>;
    const answer = await this.#client.serverSideApply(kind, applied, { signal });
    this.#writes.note(answer);
    // Children that went with their owner are asked for by nobody; the others are applied once more.
    if (this.#forms.size > mostKept) this.#forms.clear();
    this.#forms.set(uidOf(answer), formOf(answer));
    return true;
  }

  /** Deletes a child; once, however late the cache is. @returns whether it was asked for now */
  async remove(kind: ResourceKind, live: KubeObject, signal: AbortSignal): Promise<boolean> {
    const uid = uidOf(live);
    if (this.#deleted.has(uid) || live.metadata.deletionTimestamp !== undefined) return false;
    const { name = '', namespace = '' } = live.metadata;
    await this.#client.delete(kind, { name, namespace }, { uid, signal });
    // No uid ever comes again; those of long ago are of no use.
    if (this.#deleted.size > 1000) this.#deleted.clear();
    this.#deleted.add(uid);
    this.#forms.delete(uid);
    this.#writes.forget({ kind: kind.kind, namespace, name });
    return true;
  }

  #isAsApplied(live: KubeObject, wanted: WantedChild): boolean {
    return holdsAll(live, wanted) || this.#forms.get(uidOf(live)) === formOf(live);
  }
}

function assertOurs(live: KubeObject, { metadata, kind }: WantedChild): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (controllerOf(live)?.uid === owner?.uid) return;
  throw new Error(`${kind} ${keyOf(live)} is there already and belongs to somebody else`);
}

function digestOf(wanted: WantedChild): string {
  return createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16);
}

/** All that can be applied of an object, as the server wrote it. */
function formOf({ metadata, status: _, ...rest }: KubeObject & { status?: unknown }): string {
  const { labels, ownerReferences } = metadata;
  return JSON.stringify([labels, ownerReferences, rest]);
}
