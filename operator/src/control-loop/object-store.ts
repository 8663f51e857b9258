import { controllerOf, type KubeObject, keyOf, type ObjectKey, uidOf } from '../kube/kube-object.ts';
import type { IndexFunction, ObjectCache } from './informer.ts';

/** The index of every store by the uid of an object's controller. */
export const byControllerUid = 'controllerUid';

/** An index by the value of a label. */
export function byLabel<T extends KubeObject>(label: string): IndexFunction<T> {
  return (object) => {
    const value = object.metadata.labels?.[label];
    return value === undefined ? [] : [value];
  };
}

/** The objects of one kind, by namespace/name, by uid, and by indexes. */
export class ObjectStore<T extends KubeObject> implements ObjectCache<T> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #uids = new Map<string, ObjectKey>();
  readonly #indexes = new Map<string, { of: IndexFunction<T>; keys: Map<string, Set<ObjectKey>> }>();

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    const all: Record<string, IndexFunction<T>> = { [byControllerUid]: controllerUid, ...indexes };
    for (const [name, of] of Object.entries(all)) this.#indexes.set(name, { of, keys: new Map() });
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  byUid(uid: string): T | undefined {
    const key = this.#uids.get(uid);
    return key === undefined ? undefined : this.#objects.get(key);
  }

  list(): readonly T[] {
    return [...this.#objects.values()];
  }

  indexed(index: string, value: string): readonly T[] {
    const found = this.#indexes.get(index);
    if (found === undefined) throw new Error(`there is no index "${index}"`);
    const objects: T[] = [];
    for (const key of found.keys.get(value) ?? []) {
      const object = this.#objects.get(key);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  }

  /** Returns what was there under its name before. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.delete(key);
    this.#objects.set(key, object);
    this.#uids.set(uidOf(object), key);
    for (const { of, keys } of this.#indexes.values())
      for (const value of of(object)) {
        const set = keys.get(value);
        if (set === undefined) keys.set(value, new Set([key]));
        else set.add(key);
      }
    return old;
  }

  /** Returns what was there. */
  delete(key: ObjectKey): T | undefined {
    const old = this.#objects.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    this.#uids.delete(uidOf(old));
    for (const { of, keys } of this.#indexes.values())
      for (const value of of(old)) {
        const set = keys.get(value);
        set?.delete(key);
        if (set?.size === 0) keys.delete(value);
      }
    return old;
  }
}

function controllerUid(object: KubeObject): readonly string[] {
  const owner = controllerOf(object);
  return owner === undefined ? [] : [owner.uid];
}
