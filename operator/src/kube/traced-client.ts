import type { Tracing } from '@verdict/process';
import type { KubeClient } from './kube-client.ts';
import type { ObjectName } from './kube-object.ts';
import type { ResourceKind } from './resource-kind.ts';

/** A client whose requests are spans, such as `apply Deployment`. A watch is none: it has no end of its own. */
export function tracedClient(client: KubeClient, tracing: Tracing): KubeClient {
  if (!tracing.on) return client;
  const ask = <T>(
    verb: string,
    { kind }: ResourceKind,
    { namespace, name }: Partial<ObjectName>,
    send: () => Promise<T>,
  ): Promise<T> => {
    const attributes = { 'k8s.namespace.name': namespace, 'k8s.object.kind': kind, 'k8s.object.name': name };
    return tracing.span(`${verb} ${kind}`, { kind: 'client', attributes }, send);
  };
  return {
    get: (kind, name, options) => ask('get', kind, name, () => client.get(kind, name, options)),
    list: (kind, options) => ask('list', kind, { ...options }, () => client.list(kind, options)),
    watch: (kind, options) => client.watch(kind, options),
    create: (kind, object, options) =>
      ask('create', kind, object.metadata, () => client.create(kind, object, options)),
    replace: (kind, object, options) =>
      ask('replace', kind, object.metadata, () => client.replace(kind, object, options)),
    serverSideApply: (kind, object, options) =>
      ask('apply', kind, object.metadata, () => client.serverSideApply(kind, object, options)),
    patchStatus: (kind, object, options) =>
      ask('apply the status of', kind, object.metadata, () => client.patchStatus(kind, object, options)),
    delete: (kind, name, options) => ask('delete', kind, name, () => client.delete(kind, name, options)),
  };
}
