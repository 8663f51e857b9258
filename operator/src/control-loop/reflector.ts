import { backOff, type Clock, type Logger } from '@verdict/process';
import type { KubeReader, Selection } from '../kube/kube-client.ts';
import { isExpired, KubeError } from '../kube/kube-error.ts';
import type { KubeObject } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';
import type { ChangeHandler, IndexFunction, Informer, ObjectCache } from './informer.ts';
import { HandlerFailed, ReflectedObjects } from './reflected-objects.ts';
import { noReflectorMetrics, type ReflectorMetrics } from './reflector-metrics.ts';

export interface ReflectorOptions<T extends KubeObject> extends Selection {
  readonly client: KubeReader;
  readonly kind: ResourceKind<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Gives numbers in [0, 1). */
  readonly random?: () => number;
  readonly metrics?: ReflectorMetrics;
  /** Further indexes by name; the one by the controller's uid is always there. */
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  /** What is kept of an object. Default: all but managedFields, which weigh the most and nobody reads. */
  readonly trim?: (object: T) => T;
  /** A watch ends after so many seconds to twice that. Default 300. */
  readonly minWatchSeconds?: number;
  /** How long after the last complete list the cache is checked, at the end of a watch. Default 30 min, ± 20 %. */
  readonly relistMs?: number;
  /** Waits after failures: from, to. Default 0.8 s to 30 s, as client-go. */
  readonly retry?: { readonly firstMs: number; readonly maxMs: number };
}

/** A watch that ends so soon and without a word is a failure, or we would ask thousands of times a second. */
const shortWatchMs = 1000;

/**
 * Keeps a cache of one kind in step with the API server, for ever.
 *
 * Life: list everything (in pages, newest state) → watch from the list's version → when the watch ends, watch on from
 * the last version heard of (bookmarks keep it young) → … Any failure: wait (growing, with jitter, at least what the
 * server asked for) and go on where we were; a version that is out of reach (410, or a server that was set back): list
 * anew. Now and then, between two watches, the kind is listed *as of the version that the cache claims to be of*:
 * whatever differs then was told wrongly or not at all, is put right, told, and counted as a correction.
 */
export class Reflector<T extends KubeObject> implements Informer<T> {
  readonly kind: ResourceKind<T>;
  readonly #options: ReflectorOptions<T>;
  readonly #objects: ReflectedObjects<T>;
  readonly #metrics: ReflectorMetrics;
  readonly #random: () => number;
  readonly #waitingForSync = new Set<() => void>();
  /** Undefined: only a complete list can go on from here. */
  #version: string | undefined;
  #synced = false;
  #relistDueMs = 0;
  #failures = 0;
  #trouble: string | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.kind = options.kind;
    this.#options = options;
    this.#objects = new ReflectedObjects(options.indexes);
    this.#metrics = options.metrics ?? noReflectorMetrics;
    this.#random = options.random ?? Math.random;
  }

  get cache(): ObjectCache<T> {
    return this.#objects.store;
  }

  hasSynced(): boolean {
    return this.#synced;
  }

  whenSynced(signal: AbortSignal): Promise<void> {
    if (this.#synced) return Promise.resolve();
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const synced = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        this.#waitingForSync.delete(synced);
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#waitingForSync.add(synced);
    });
  }

  onChange(handler: ChangeHandler<T>): () => void {
    return this.#objects.onChange(handler);
  }

  /** For a page that people look at when something is wrong. */
  state() {
    return {
      kind: this.kind.kind,
      synced: this.#synced,
      objects: this.cache.size,
      resourceVersion: this.#version,
      failuresInARow: this.#failures,
      trouble: this.#trouble,
    };
  }

  /** Resolves once the signal is aborted. Rejects only for a bug: a handler that threw. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, retry = { firstMs: 800, maxMs: 30_000 } } = this.#options;
    const waits = backOff({ ...retry, random: this.#random });
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list(signal);
        else if (clock.monotonicMs() >= this.#relistDueMs) await this.#check(this.#version, signal);
        await this.#watch(signal, () => {
          waits.reset();
          this.#failures = 0;
          this.#trouble = undefined;
        });
      } catch (error) {
        if (error instanceof HandlerFailed) throw error;
        if (signal.aborted) return;
        this.#noteFailure(error);
        const askedMs = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
        const waitMs = Math.max(waits.nextMs(), askedMs * (1 + this.#random() / 2));
        // Rejects only when we are to stop; the loop sees that.
        await clock.sleep(waitMs, signal).catch(() => undefined);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { items, resourceVersion } = await this.#fetch(signal);
    this.#objects.replaceBy(items);
    this.#caughtUp(resourceVersion);
    this.#synced = true;
    for (const resolve of this.#waitingForSync) resolve();
    this.#waitingForSync.clear();
  }

  async #check(version: string, signal: AbortSignal): Promise<void> {
    const { items, resourceVersion } = await this.#fetch(signal, version);
    const corrections = this.#objects.replaceBy(items);
    this.#caughtUp(resourceVersion);
    this.#metrics.corrected(corrections);
    if (corrections > 0)
      this.#options.logger.warn({ kind: this.kind.kind, corrections }, 'the watch had missed changes');
  }

  async #fetch(signal: AbortSignal, atResourceVersion?: string) {
    const { client, kind } = this.#options;
    const list = await client.list(kind, { ...this.#selection(), atResourceVersion, signal });
    const items = list.items.map((item) => this.#trim(item));
    return { items, resourceVersion: list.resourceVersion };
  }

  #caughtUp(version: string): void {
    const { clock, relistMs = 30 * 60_000 } = this.#options;
    this.#version = version;
    this.#relistDueMs = clock.monotonicMs() + relistMs * (0.8 + 0.4 * this.#random());
    this.#metrics.listed();
    this.#metrics.objects(this.cache.size);
  }

  async #watch(signal: AbortSignal, progressed: () => void): Promise<void> {
    const { client, kind, clock, minWatchSeconds = 300 } = this.#options;
    const timeoutSeconds = Math.round(minWatchSeconds * (1 + this.#random()));
    const begunMs = clock.monotonicMs();
    let heard = false;
    this.#metrics.watched();
    const resourceVersion = this.#version ?? '';
    for await (const event of client.watch(kind, {
      ...this.#selection(),
      resourceVersion,
      timeoutSeconds,
      signal,
    })) {
      if (event.type === 'BOOKMARK') this.#version = event.resourceVersion;
      else {
        const object = this.#trim(event.object);
        this.#objects.apply({ type: event.type, object });
        this.#version = object.metadata.resourceVersion;
        this.#metrics.objects(this.cache.size);
      }
      if (!heard) progressed();
      heard = true;
    }
    if (heard || signal.aborted) return;
    if (clock.monotonicMs() - begunMs >= shortWatchMs) return progressed();
    throw new KubeError(`watch ${kind.plural}: ended at once`, { status: 0, reason: 'ShortWatch' });
  }

  #selection(): Selection {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return { namespace, labelSelector, fieldSelector };
  }

  #trim(object: T): T {
    if (this.#options.trim !== undefined) return this.#options.trim(object);
    delete object.metadata.managedFields;
    return object;
  }

  #noteFailure(error: unknown): void {
    const reason = error instanceof KubeError ? error.reason : 'Unexpected';
    this.#metrics.failed(reason);
    this.#failures++;
    this.#trouble = error instanceof Error ? error.message : String(error);
    if (isExpired(error)) this.#version = undefined;
    // Bookmarks come every minute. None: perhaps our version lies in this server's future, because its data was set
    // back; it would be silent until then.
    else if (reason === 'Timeout') this.#relistDueMs = 0;
    const seen = { kind: this.kind.kind, reason, failures: this.#failures };
    // One lost watch is daily life; many in a row mean that decisions are made on old news.
    if (this.#failures < 3) this.#options.logger.debug(seen, this.#trouble);
    else this.#options.logger.warn(seen, this.#trouble);
  }
}
