import type { KubeObject, ObjectKey } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';

/** Gives the values under which an object is found in an index, such as the uid of its controller. */
export type IndexFunction<T extends KubeObject> = (object: T) => readonly string[];

/**
 * The objects of one kind as last heard of: assume that they are stale. They are shared: never change one
 * (structuredClone it first).
 */
export interface ObjectCache<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  byUid(uid: string): T | undefined;
  /** Found through an index by the name it was given; an error if there is no such index. */
  indexed(index: string, value: string): readonly T[];
  list(): readonly T[];
  readonly size: number;
}

/** Told of every change of the cache, after it; in order, one at a time. Must not throw and must not wait. */
export interface ChangeHandler<T extends KubeObject> {
  added(object: T): void;
  updated(object: T, old: T): void;
  /** The last state that was known. */
  deleted(old: T): void;
}

/** What controllers see of a reflector. */
export interface Informer<T extends KubeObject> {
  readonly kind: ResourceKind<T>;
  readonly cache: ObjectCache<T>;
  /** True once the first list is in the cache. */
  hasSynced(): boolean;
  /** Resolves when `hasSynced`; rejects with the signal's reason. */
  whenSynced(signal: AbortSignal): Promise<void>;
  /** From now on; what is in the cache already is told as added. The returned function ends it. */
  onChange(handler: ChangeHandler<T>): () => void;
}
