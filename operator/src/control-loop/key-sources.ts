import { controllerOf, type KubeObject, keyOf, type ObjectKey } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';
import type { Informer } from './informer.ts';

/** Where keys come from: something that tells `add` of each key that may have to be looked at. */
export interface KeySource {
  readonly informer: Pick<Informer<KubeObject>, 'kind' | 'hasSynced' | 'whenSynced'>;
  /** Begins; the returned function ends it. */
  start(add: (key: ObjectKey) => void): () => void;
}

/** Every object of the controller's own kind: its own key. */
export function ownKeys<T extends KubeObject>(informer: Informer<T>): KeySource {
  return mappedKeys(informer, (object) => [keyOf(object)]);
}

/** Every child: the key of the object that controls it, if that is of this kind. */
export function ownerKeys<T extends KubeObject>(informer: Informer<T>, owner: ResourceKind): KeySource {
  const group = owner.apiVersion.split('/')[0];
  return mappedKeys(informer, (object) => {
    const reference = controllerOf(object);
    // Versions of one group are the same objects.
    if (reference?.kind !== owner.kind || reference.apiVersion.split('/')[0] !== group) return [];
    const namespace = owner.namespaced ? object.metadata.namespace : undefined;
    return [keyOf({ namespace, name: reference.name })];
  });
}

/** Every object of another kind: the keys it means. After an update both what it was and what it is count. */
export function mappedKeys<T extends KubeObject>(
  informer: Informer<T>,
  keysOf: (object: T) => readonly ObjectKey[],
): KeySource {
  return {
    informer: informer as unknown as KeySource['informer'],
    start: (add) => {
      const tell = (object: T): void => {
        for (const key of keysOf(object)) add(key);
      };
      return informer.onChange({
        added: tell,
        updated: (object, old) => {
          tell(object);
          tell(old);
        },
        deleted: tell,
      });
    },
  };
}
