import type { Output } from '@pulumi/pulumi';
import type { HostingParts } from '../hosting-parts.ts';
import { createIdentity, type Identity } from '../identity/create-identity.ts';
import { federate } from '../identity/federate.ts';
import { grant, grantAdministrators } from '../identity/grant.ts';
import { type ClusterProcess, clusterProcesses, serviceAccounts } from '../identity/service-accounts.ts';
import { serviceScopes } from '../identity/service-roles.ts';
import { createGrafana } from '../observation/grafana.ts';
import { createManagedPrometheus } from '../observation/managed-prometheus.ts';
import type { Site } from '../site.ts';
import { type Cluster, createCluster } from './create-cluster.ts';

export interface KubernetesHosting {
  readonly cluster: Cluster;
  readonly identities: Readonly<Record<ClusterProcess, Identity>>;
  /** Address of Grafana. */
  readonly grafana: Output<string>;
}

/** The cluster, and the processes' identities in it. */
export function createKubernetesHosting(site: Site, parts: HostingParts): KubernetesHosting {
  const { kubernetes } = site.config;
  if (kubernetes === undefined) throw new Error('hosting is not kubernetes');
  const { network, services, workspace } = parts;
  const control = createIdentity(site, 'cluster');
  const kubelet = createIdentity(site, 'kubelet');
  const scopes = serviceScopes(services);
  const allowedBy = [
    ...grant(site, control, [
      ['Network Contributor', { what: 'nodes subnet', id: network.processes }],
      ['Managed Identity Operator', { what: 'kubelet identity', id: kubelet.id }],
    ]),
    ...grant(site, kubelet, [['AcrPull', scopes.registry]]),
  ];
  const cluster = createCluster(site, { network, workspace, control, kubelet, allowedBy });

  const identities = Object.fromEntries(
    clusterProcesses.map((process) => [process, createIdentity(site, process)]),
  ) as Record<ClusterProcess, Identity>;
  const accounts = serviceAccounts(kubernetes);
  for (const process of clusterProcesses)
    federate(site, identities[process], {
      issuer: cluster.issuer,
      accounts: accounts.filter((account) => account.process === process),
    });
  grant(site, identities.gateway, [
    ['Azure Event Hubs Data Sender', scopes.dataHub],
    ['Azure Event Hubs Data Sender', scopes.feedbackHub],
    // It deletes what versions of models that nobody needs any more have left.
    ['Storage Blob Data Contributor', scopes.blobs],
    ['Key Vault Secrets User', scopes.signingKey],
  ]);
  grant(site, identities.detector, [
    ['Azure Event Hubs Data Receiver', scopes.dataHub],
    ['Storage Blob Data Contributor', scopes.blobs],
  ]);
  grant(site, identities.retrainer, [['Azure Event Hubs Data Receiver', scopes.feedbackHub]]);
  grant(site, identities.training, [['Storage Blob Data Contributor', scopes.blobs]]);
  grantAdministrators(site, [
    ['Azure Kubernetes Service RBAC Cluster Admin', { what: 'cluster', id: cluster.id }],
  ]);

  const metrics = createManagedPrometheus(site, cluster);
  return { cluster, identities, grafana: createGrafana(site, { metrics, workspace }) };
}
