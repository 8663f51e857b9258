import { HttpKubeClient, type HttpKubeClientOptions } from './http-kube-client.ts';
import { HttpTransport } from './http-transport.ts';
import type { KubeClient } from './kube-client.ts';
import { loadKubeConfig } from './load-kube-config.ts';

/** A client that is open, and how to close it. */
export interface KubeConnection {
  readonly client: KubeClient;
  /** The namespace of the service account or of the context; undefined if neither names one. */
  readonly namespace: string | undefined;
  /** Closes all connections; call it when nothing is under way any more. */
  close(): void;
}

/**
 * A client for the API server of `kubeconfig` (the value of KUBECONFIG), or of the pod we run in. Nothing is sent yet.
 * Leader election should have its own, so that a flood of other requests cannot cost the lease. Throws `StartError`.
 */
export function connectKube(
  options: Omit<HttpKubeClientOptions, 'transport'> & { readonly kubeconfig?: string },
): KubeConnection {
  const load = () => loadKubeConfig(options.kubeconfig);
  const transport = new HttpTransport(load);
  const config = load();
  return {
    client: new HttpKubeClient({ ...options, transport }),
    namespace: config.getContextObject(config.getCurrentContext())?.namespace,
    close: () => transport.close(),
  };
}
