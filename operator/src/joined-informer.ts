import type { ChangeHandler, Informer, ObjectCache } from './control-loop/informer.ts';
import { type KubeObject, nameOf, type ObjectKey } from './kube/kube-object.ts';
import type { ResourceKind } from './kube/resource-kind.ts';

/** One informer out of one per namespace: where the operator may look into some namespaces alone. */
export function joinedInformer<T extends KubeObject>(
  kind: ResourceKind<T>,
  byNamespace: ReadonlyMap<string, Informer<T>>,
): Informer<T> {
  const all = [...byNamespace.values()];
  const cache: ObjectCache<T> = {
    get: (key: ObjectKey) => byNamespace.get(nameOf(key).namespace ?? '')?.cache.get(key),
    byUid: (uid) => {
      for (const { cache: one } of all) {
        const found = one.byUid(uid);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    indexed: (index, value) => all.flatMap(({ cache: one }) => one.indexed(index, value)),
    list: () => all.flatMap(({ cache: one }) => one.list()),
    get size() {
      return all.reduce((sum, { cache: one }) => sum + one.size, 0);
    },
  };
  return {
    kind,
    cache,
    hasSynced: () => all.every((one) => one.hasSynced()),
    whenSynced: async (signal: AbortSignal) => {
      await Promise.all(all.map((one) => one.whenSynced(signal)));
    },
    onChange: (handler: ChangeHandler<T>) => {
      const ends = all.map((one) => one.onChange(handler));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
