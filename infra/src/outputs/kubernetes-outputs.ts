import type { DataServices } from '../data/create-data-services.ts';
import { servedNamespaces } from '../identity/service-accounts.ts';
import type { KubernetesHosting } from '../kubernetes/create-kubernetes-hosting.ts';
import type { Site } from '../site.ts';
import { commonOutputs, identityOutputs } from './common-outputs.ts';

/** As KubernetesFacts. */
export function kubernetesOutputs(site: Site, services: DataServices, hosting: KubernetesHosting) {
  const { kubernetes } = site.config;
  if (kubernetes === undefined) throw new Error('hosting is not kubernetes');
  return {
    hosting: 'kubernetes' as const,
    ...commonOutputs(site, services),
    clusterName: hosting.cluster.name,
    issuer: hosting.cluster.issuer,
    grafana: hosting.grafana,
    release: kubernetes.release,
    releaseNamespace: kubernetes.releaseNamespace,
    namespaces: servedNamespaces(kubernetes),
    host: kubernetes.host ?? '',
    identities: identityOutputs(hosting.identities, services),
  };
}
