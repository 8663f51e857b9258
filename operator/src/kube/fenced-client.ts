import type { KubeClient, RequestOptions } from './kube-client.ts';
import { KubeError } from './kube-error.ts';

/** The right to write, while it lasts. */
export interface Leadership {
  /** Aborted when it ends; requests under way are then given up. */
  readonly signal: AbortSignal;
  /** False from the moment at which another may lead, even before anything could be told: ask right before a write. */
  holds(): boolean;
}

/**
 * A client whose writes end with the leadership: none is sent after it, none is waited for. (One that the server has
 * begun may still be done: writes must be safe to meet the next leader's.) Reads go on.
 */
export function fencedClient(client: KubeClient, leadership: Leadership): KubeClient {
  const write = async <T>(
    asked: string,
    options: RequestOptions | undefined,
    send: (options: RequestOptions) => Promise<T>,
  ): Promise<T> => {
    const refuse = (): KubeError =>
      new KubeError(`${asked}: not sent, because this replica does not lead any more`, {
        status: 0,
        reason: 'NotLeading',
      });
    if (!leadership.holds()) throw refuse();
    const controller = new AbortController();
    const lost = (): void => controller.abort(refuse());
    const given = (): void => controller.abort(options?.signal?.reason);
    leadership.signal.addEventListener('abort', lost, { once: true });
    options?.signal?.addEventListener('abort', given, { once: true });
    if (options?.signal?.aborted) given();
    try {
      return await send({ ...options, signal: controller.signal });
    } finally {
      leadership.signal.removeEventListener('abort', lost);
      options?.signal?.removeEventListener('abort', given);
    }
  };
  return {
    get: (kind, name, options) => client.get(kind, name, options),
    list: (kind, options) => client.list(kind, options),
    watch: (kind, options) => client.watch(kind, options),
    create: (kind, object, options) =>
      write(`create ${kind.kind}`, options, (fenced) => client.create(kind, object, fenced)),
    replace: (kind, object, options) =>
      write(`replace ${kind.kind}`, options, (fenced) => client.replace(kind, object, fenced)),
    serverSideApply: (kind, object, options) =>
      write(`apply ${kind.kind}`, options, (fenced) => client.serverSideApply(kind, object, fenced)),
    patchStatus: (kind, object, options) =>
      write(`apply ${kind.kind}`, options, (fenced) => client.patchStatus(kind, object, fenced)),
    delete: (kind, name, options) =>
      write(`delete ${kind.kind}`, options, (fenced) => client.delete(kind, name, { ...options, ...fenced })),
  };
}
