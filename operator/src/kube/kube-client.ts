import type { KubeObject, ObjectMeta, ObjectName } from './kube-object.ts';
import type { ResourceKind } from './resource-kind.ts';
import type { DeepPartial } from './wire.ts';

/** The field manager of everything that the operator applies. */
export const fieldManager = 'verdict-operator';

/** Options that every request knows. */
export interface RequestOptions {
  /** Gives the request up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** For one try, from its sending to the last byte of the answer; the client has a default. Not for watches. */
  readonly timeoutMs?: number;
  /** How often the request may be tried again after 429, 5xx or (reads only) a lost connection; default 4. */
  readonly maxRetries?: number;
}

/** Which objects of a kind. Without a namespace: of all. */
export interface Selection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection, RequestOptions {
  /** Objects per page, default 500; all pages are of one version. */
  readonly pageSize?: number;
  /** List exactly as it was at this version; rejects (`isExpired`) if that was compacted. Default: as it is now. */
  readonly atResourceVersion?: string;
}

export interface ObjectList<T extends KubeObject> {
  readonly items: T[];
  /** A watch from here misses nothing. */
  readonly resourceVersion: string;
}

export interface WatchOptions extends Selection {
  /** Changes after this version are told. */
  readonly resourceVersion: string;
  /** After this the server ends the watch. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** One line of a watch. A bookmark says only how far the watch has come. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

/** What is to be applied: the fields we mean to own, no others. Kind and version are filled in. */
export type Applied<T extends KubeObject> = Omit<DeepPartial<T>, 'apiVersion' | 'kind' | 'metadata'> & {
  metadata: Pick<ObjectMeta, 'namespace' | 'labels' | 'annotations' | 'ownerReferences' | 'finalizers'> & {
    name: string;
    /** Set it to be refused (409) when the object has changed since it was read. */
    resourceVersion?: string;
    /** Set it to be refused (409) when the name belongs to another object by now, instead of creating one. */
    uid?: string;
  };
};

export interface DeleteOptions extends RequestOptions {
  /** Only the object with this uid; another one of the same name stays. */
  readonly uid: string;
  /** Default `Background`: children are collected afterwards. */
  readonly propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** Reading the API server. All reject with `KubeError`. */
export interface KubeReader {
  /** The object, or undefined if there is none. */
  get<T extends KubeObject>(
    kind: ResourceKind<T>,
    name: ObjectName,
    options?: RequestOptions,
  ): Promise<T | undefined>;
  /** All pages. A list whose continuation expired half way is begun anew, in one page. */
  list<T extends KubeObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /**
   * Changes as they come. Ends when the server ends the watch; rejects with KubeError when it is refused, cut, silent
   * for too long, or broken by an ERROR event. One try: going on is the reflector's work.
   */
  watch<T extends KubeObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}

/** Writing to the API server. All reject with `KubeError`; a 409 is never tried again here. */
export interface KubeWriter {
  /** Rejects (`isAlreadyExists`) if the name is taken, also when the server did an earlier try and the answer was lost. */
  create<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: RequestOptions): Promise<T>;
  /** PUT of the whole object; with its resourceVersion set it is refused (`isConflict`) after another's change. */
  replace<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: RequestOptions): Promise<T>;
  /** Server-side apply as `verdict-operator`, with force: creates the object, or sets these fields and drops those we set before. */
  serverSideApply<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: Applied<T>,
    options?: RequestOptions,
  ): Promise<T>;
  /** Server-side apply to the status subresource: the whole status we own, each time. Rejects (`isNotFound`) if the object is gone. */
  patchStatus<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: Applied<T>,
    options?: RequestOptions,
  ): Promise<T>;
  /** Resolves once the server has taken it, also if that very object is gone already. */
  delete(kind: ResourceKind, name: ObjectName, options: DeleteOptions): Promise<void>;
}

/** The edge to the API server: the only way in and out. */
export interface KubeClient extends KubeReader, KubeWriter {}
