import { type KubeObject, keyOf } from '../kube/kube-object.ts';

/** So long an object of ours may be missing from a cache because the cache is late. */
const lateMs = 5000;
const mostKept = 10_000;

/**
 * What this process wrote and its caches may not have heard of yet. Whoever decides on the newer of the two neither
 * writes the same twice nor takes its own change for somebody else's.
 */
export class OwnWrites {
  readonly #monotonicMs: () => number;
  readonly #written = new Map<string, { readonly object: KubeObject; readonly atMs: number }>();

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Remembers an answer to a write. */
  note(object: KubeObject): void {
    const atMs = this.#monotonicMs();
    this.#written.set(nameOf(object), { object, atMs });
    // Objects that went with their owner are asked for by nobody.
    if (this.#written.size > mostKept)
      for (const [name, one] of this.#written) if (atMs - one.atMs > lateMs) this.#written.delete(name);
  }

  /** The newest state that is known of an object, by its kind and name. */
  newest<T extends KubeObject>(
    name: { readonly kind: string; readonly namespace: string; readonly name: string },
    cached: T | undefined,
  ): T | undefined {
    const key = `${name.kind}/${name.namespace}/${name.name}`;
    const own = this.#written.get(key);
    if (own === undefined) return cached;
    const late = cached === undefined && this.#monotonicMs() - own.atMs < lateMs;
    if (late || (cached !== undefined && versionOf(cached) < versionOf(own.object))) return own.object as T;
    this.#written.delete(key);
    return cached;
  }

  /** It was deleted: what was written before says nothing any more. */
  forget(name: { readonly kind: string; readonly namespace: string; readonly name: string }): void {
    this.#written.delete(`${name.kind}/${name.namespace}/${name.name}`);
  }
}

function nameOf(object: KubeObject): string {
  return `${object.kind}/${keyOf(object)}`;
}

/** Resource versions of one server are whole numbers that grow (since Kubernetes 1.35 that is promised). */
function versionOf({ metadata }: KubeObject): bigint {
  return /^\d+$/.test(metadata.resourceVersion ?? '') ? BigInt(metadata.resourceVersion ?? '0') : 0n;
}
