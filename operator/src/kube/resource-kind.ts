import type { KubeObject, ObjectName } from './kube-object.ts';

declare const objectType: unique symbol;

/** A kind of the API server, and by its type parameter what its objects look like here. */
export interface ResourceKind<T extends KubeObject = KubeObject> {
  /** Group and version, such as `apps/v1`; `v1` for the core group. */
  readonly apiVersion: string;
  /** Such as `Deployment`. */
  readonly kind: string;
  /** The name in paths, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly [objectType]?: T;
}

/** Describes a kind: `resourceKind<DetectorPool>({ apiVersion: 'verdict.dev/v1alpha1', … })`. */
export function resourceKind<T extends KubeObject>(
  kind: Omit<ResourceKind<T>, typeof objectType>,
): ResourceKind<T> {
  return kind;
}

/** The path of a kind's collection, in one namespace or over all. */
export function collectionPath(kind: ResourceKind, namespace?: string): string {
  const group = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${group}${within}/${kind.plural}`;
}

/** The path of one object. */
export function objectPath(kind: ResourceKind, { namespace, name }: ObjectName): string {
  if (name === '') throw new Error(`a ${kind.kind} needs a name`);
  if (kind.namespaced && !namespace) throw new Error(`${kind.kind} ${name} needs a namespace`);
  return `${collectionPath(kind, kind.namespaced ? namespace : undefined)}/${encodeURIComponent(name)}`;
}
