import type { V1ObjectMeta, V1OwnerReference } from '@kubernetes/client-node';
import type { Wire } from './wire.ts';

/** `metadata` as it is on the wire: `creationTimestamp` and `deletionTimestamp` are strings. */
export type ObjectMeta = Wire<V1ObjectMeta>;
export type OwnerReference = Wire<V1OwnerReference>;

/** Any object of the API server. What was read from the server has name, uid and resourceVersion set. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** A type of client-node as objects of it are read and written here: `KubeObjectOf<V1Deployment>`. */
export type KubeObjectOf<T> = Omit<Wire<T>, keyof KubeObject> & KubeObject;

/** Where an object lies. Objects of the whole cluster have no namespace. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

/** `namespace/name`, or `/name` for objects of the whole cluster: what work queues and stores are keyed by. */
export type ObjectKey = `${string}/${string}`;

/** The key of an object or name; an error if it has no name (an object that was never sent to the server). */
export function keyOf(object: KubeObject | ObjectName): ObjectKey {
  const { namespace, name } = 'metadata' in object ? object.metadata : object;
  if (name === undefined || name === '') throw new Error('an object without a name has no key');
  return `${namespace ?? ''}/${name}`;
}

/** The inverse of `keyOf`. */
export function nameOf(key: ObjectKey): ObjectName {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  return slash === 0 ? { name } : { namespace: key.slice(0, slash), name };
}

/** The uid of an object that was read from the server. */
export function uidOf(object: KubeObject): string {
  const { uid } = object.metadata;
  if (uid === undefined)
    throw new Error(`${object.kind} ${keyOf(object)} has no uid: the server never saw it`);
  return uid;
}

/** The owner reference with `controller: true`, if the object has one. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** A reference that makes `owner` the controller of what carries it; deleting the owner collects the child. */
export function controlledBy(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion,
    kind,
    name: metadata.name ?? '',
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}
