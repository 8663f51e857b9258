import type { WatchEvent } from '../kube/kube-client.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../kube/kube-object.ts';
import type { ChangeHandler, IndexFunction } from './informer.ts';
import { ObjectStore } from './object-store.ts';

/** A handler broke its promise not to throw: a bug, after which nobody knows what was told to whom. */
export class HandlerFailed extends Error {
  override readonly name = 'HandlerFailed';
}

/** A store, and those who are told of its changes. */
export class ReflectedObjects<T extends KubeObject> {
  readonly store: ObjectStore<T>;
  readonly #handlers = new Set<ChangeHandler<T>>();

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> | undefined) {
    this.store = new ObjectStore<T>(indexes);
  }

  onChange(handler: ChangeHandler<T>): () => void {
    for (const object of this.store.list()) handler.added(object);
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** One line of a watch. */
  apply(event: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void {
    if (event.type === 'DELETED') this.#remove(keyOf(event.object));
    else this.#put(event.object);
  }

  /** Makes the store what a list says; returns how many objects had to change for that. */
  replaceBy(items: readonly T[]): number {
    let changes = 0;
    const listed = new Set<ObjectKey>();
    for (const item of items) {
      listed.add(keyOf(item));
      if (this.#put(item)) changes++;
    }
    for (const object of this.store.list()) {
      const key = keyOf(object);
      if (listed.has(key)) continue;
      this.#remove(key);
      changes++;
    }
    return changes;
  }

  /** Returns whether anything changed. */
  #put(object: T): boolean {
    const known = this.store.get(keyOf(object));
    const same = known?.metadata.uid === object.metadata.uid;
    if (known && same && known.metadata.resourceVersion === object.metadata.resourceVersion) return false;
    // Another uid under the same name: the old one was deleted, whether we were told or not.
    if (known && !same) this.#remove(keyOf(known));
    this.store.put(object);
    this.#tell((handler) => (known && same ? handler.updated(object, known) : handler.added(object)));
    return true;
  }

  #remove(key: ObjectKey): void {
    const old = this.store.delete(key);
    if (old !== undefined) this.#tell((handler) => handler.deleted(old));
  }

  #tell(say: (handler: ChangeHandler<T>) => void): void {
    for (const handler of this.#handlers)
      try {
        say(handler);
      } catch (cause) {
        throw new HandlerFailed('a change handler threw', { cause });
      }
  }
}
