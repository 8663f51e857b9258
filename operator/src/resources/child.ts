import { controlledBy, type KubeObject, type KubeObjectOf, type ObjectMeta } from '../kube/kube-object.ts';
import type { Labels } from './labels.ts';

/** Metadata of what the operator applies: what it means to own, no more. */
export type ChildMeta = Pick<ObjectMeta, 'labels' | 'annotations' | 'ownerReferences'> & {
  name: string;
  namespace: string;
};

/** An object that belongs to a custom resource, as it is to be applied. */
export type Child<T> = Omit<KubeObjectOf<T>, 'metadata' | 'status'> & { metadata: ChildMeta };

/** Metadata of a child: deleting the owner collects it. */
export function childMeta(
  owner: KubeObject,
  name: string,
  labels: Labels,
  annotations: Readonly<Record<string, string>> = {},
): ChildMeta {
  const { namespace } = owner.metadata;
  if (namespace === undefined) throw new Error(`${owner.kind} ${owner.metadata.name} has no namespace`);
  return {
    name,
    namespace,
    labels,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
    ownerReferences: [controlledBy(owner)],
  };
}

/** Name and namespace of an object that the API server gave. */
export function placeOf(owner: KubeObject): { readonly name: string; readonly namespace: string } {
  const { name, namespace } = owner.metadata;
  if (name === undefined || namespace === undefined)
    throw new Error(`a ${owner.kind} without a name or namespace`);
  return { name, namespace };
}
