import { type Clock, systemClock } from '@verdict/process';
import { answerError, connectionError, timeoutError } from './answer-error.ts';
import type { HttpRequest, HttpTransport } from './http-transport.ts';
import {
  type Applied,
  type DeleteOptions,
  fieldManager,
  type KubeClient,
  type ListOptions,
  type ObjectList,
  type RequestOptions,
  type WatchEvent,
  type WatchOptions,
} from './kube-client.ts';
import { isConflict, isNotFound, KubeError } from './kube-error.ts';
import type { KubeObject, ObjectName } from './kube-object.ts';
import { listPages } from './list-pages.ts';
import type { RequestMetrics } from './request-metrics.ts';
import { collectionPath, objectPath, type ResourceKind } from './resource-kind.ts';
import { type Repeatable, retryWait } from './retry-wait.ts';
import { type RateLimit, TokenBucket } from './token-bucket.ts';
import { openWatch } from './watch-stream.ts';
import { within } from './within.ts';

export interface HttpKubeClientOptions {
  readonly transport: HttpTransport;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** For all requests together, watches included. Default 50 a second, 100 at once. */
  readonly rateLimit?: RateLimit;
  /** For one try. Default 30 s, lists 60 s. */
  readonly timeoutMs?: number;
  /** A watch on which nothing comes for so long, not even a bookmark (one a minute), is given up. Default 3 min. */
  readonly silenceMs?: number;
  readonly metrics?: RequestMetrics;
}

interface Call extends Pick<HttpRequest, 'method' | 'path' | 'contentType'> {
  /** For sentences: `apply Deployment default/x`. */
  readonly asked: string;
  readonly repeatable: Repeatable;
  readonly body?: unknown;
  readonly options?: RequestOptions;
}

/** The API server over HTTP. */
export class HttpKubeClient implements KubeClient {
  readonly #options: Required<Omit<HttpKubeClientOptions, 'metrics' | 'rateLimit'>>;
  readonly #limiter: TokenBucket;
  readonly #metrics: RequestMetrics | undefined;

  constructor(options: HttpKubeClientOptions) {
    const defaults = { clock: systemClock, random: Math.random, timeoutMs: 30_000, silenceMs: 180_000 };
    this.#options = { ...defaults, ...options };
    this.#limiter = new TokenBucket(options.rateLimit ?? { perSecond: 50, burst: 100 }, this.#options.clock);
    this.#metrics = options.metrics;
  }

  async get<T extends KubeObject>(kind: ResourceKind<T>, name: ObjectName, options?: RequestOptions) {
    try {
      const asked = describe('get', kind, name);
      const path = objectPath(kind, name);
      return await this.#call<T>({ asked, method: 'GET', path, repeatable: 'read', options });
    } catch (error) {
      // Without the server's own word it is the kind that it does not know, not the object.
      if (isNotFound(error) && error instanceof KubeError && error.body !== undefined) return undefined;
      throw error;
    }
  }

  list<T extends KubeObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    const asked = `list ${kind.plural}`;
    const timeoutMs = options.timeoutMs ?? Math.max(60_000, this.#options.timeoutMs);
    return listPages(kind, options, (query) =>
      this.#call({
        asked,
        method: 'GET',
        path: `${collectionPath(kind, options.namespace)}?${query}`,
        repeatable: 'read',
        options: { ...options, timeoutMs },
      }),
    );
  }

  async *watch<T extends KubeObject>(
    kind: ResourceKind<T>,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>> {
    await this.#sleep(this.#limiter.reserve(), options.signal);
    const { transport, timeoutMs, silenceMs } = this.#options;
    try {
      yield* openWatch(transport, kind, { ...options, connectMs: timeoutMs, silenceMs });
      this.#metrics?.answered('WATCH', 200);
    } catch (error) {
      this.#notice('WATCH', error);
      throw error;
    }
  }

  create<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: RequestOptions): Promise<T> {
    const { namespace } = object.metadata;
    return this.#call({
      asked: describe('create', kind, { namespace, name: object.metadata.name ?? '' }),
      method: 'POST',
      path: `${collectionPath(kind, kind.namespaced ? namespace : undefined)}?fieldManager=${fieldManager}`,
      contentType: 'application/json',
      body: object,
      repeatable: 'once',
      options,
    });
  }

  replace<T extends KubeObject>(kind: ResourceKind<T>, object: T, options?: RequestOptions): Promise<T> {
    const name = { namespace: object.metadata.namespace, name: object.metadata.name ?? '' };
    return this.#call({
      asked: describe('replace', kind, name),
      method: 'PUT',
      path: `${objectPath(kind, name)}?fieldManager=${fieldManager}`,
      contentType: 'application/json',
      body: object,
      repeatable: 'once',
      options,
    });
  }

  serverSideApply<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: Applied<T>,
    options?: RequestOptions,
  ): Promise<T> {
    return this.#apply(kind, object, '', options);
  }

  patchStatus<T extends KubeObject>(kind: ResourceKind<T>, object: Applied<T>, options?: RequestOptions) {
    return this.#apply(kind, object, '/status', options);
  }

  async delete(kind: ResourceKind, name: ObjectName, options: DeleteOptions): Promise<void> {
    const { uid, propagation = 'Background' } = options;
    try {
      await this.#call({
        asked: describe('delete', kind, name),
        method: 'DELETE',
        path: objectPath(kind, name),
        contentType: 'application/json',
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          preconditions: { uid },
          propagationPolicy: propagation,
        },
        repeatable: 'idempotent',
        options,
      });
    } catch (error) {
      // Gone, or another object has the name by now.
      const another =
        isConflict(error) && error instanceof KubeError && /UID in (the )?precondition/.test(error.message);
      if (!isNotFound(error) && !another) throw error;
    }
  }

  #apply<T extends KubeObject>(
    kind: ResourceKind<T>,
    object: Applied<T>,
    subresource: '' | '/status',
    options?: RequestOptions,
  ): Promise<T> {
    const { apiVersion, kind: word } = kind;
    return this.#call({
      asked: describe(subresource === '' ? 'apply' : 'apply the status of', kind, object.metadata),
      method: 'PATCH',
      path: `${objectPath(kind, object.metadata)}${subresource}?fieldManager=${fieldManager}&force=true`,
      // JSON is YAML; the server knows no other name for an apply.
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion, kind: word, ...object },
      repeatable: 'idempotent',
      options,
    });
  }

  /** One request with its tries. */
  async #call<T>(call: Call): Promise<T> {
    const { random } = this.#options;
    const { signal, maxRetries = 4 } = call.options ?? {};
    for (let retries = 0; ; retries++) {
      await this.#sleep(this.#limiter.reserve(), signal);
      try {
        return await this.#once<T>(call);
      } catch (error) {
        this.#notice(call.method, error);
        const renewed = error instanceof KubeError && error.status === 401 && retries === 0;
        if (renewed) this.#options.transport.renew();
        const waitMs = renewed ? 0 : retryWait(error, { retries, repeatable: call.repeatable, random });
        if (waitMs === undefined || retries >= maxRetries) throw error;
        await this.#sleep(waitMs, signal);
      }
    }
  }

  /** Rejects with the signal's own reason; that of a sleep would only say that it was aborted. */
  async #sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (ms <= 0) return;
    try {
      await this.#options.clock.sleep(ms, signal);
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  }

  #once<T>(call: Call): Promise<T> {
    const ms = call.options?.timeoutMs ?? this.#options.timeoutMs;
    const late = (): Error => timeoutError(call.asked, ms);
    return within({ ms, signal: call.options?.signal, late }, async (signal) => {
      const { method, path, contentType } = call;
      const body = call.body === undefined ? undefined : JSON.stringify(call.body);
      const request = { method, path, contentType, body, signal };
      const { answer, text } = await exchange(this.#options.transport, request, call.asked);
      const status = answer.statusCode ?? 0;
      if (status < 200 || status >= 300) throw answerError(call.asked, answer, text);
      this.#metrics?.answered(method, status);
      return parse<T>(text, call.asked);
    });
  }

  #notice(method: string, error: unknown): void {
    if (error instanceof KubeError) this.#metrics?.answered(method, error.status);
  }
}

async function exchange(transport: HttpTransport, request: HttpRequest, asked: string) {
  try {
    const answer = await transport.send(request);
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    return { answer, text: Buffer.concat(parts).toString('utf8') };
  } catch (error) {
    throw connectionError(asked, error);
  }
}

function parse<T>(text: string, asked: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw connectionError(asked, error);
  }
}

function describe(verb: string, kind: ResourceKind, { namespace, name }: ObjectName): string {
  return `${verb} ${kind.kind} ${namespace ? `${namespace}/` : ''}${name}`;
}
