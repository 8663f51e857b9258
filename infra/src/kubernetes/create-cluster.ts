import { ManagedCluster } from '@pulumi/azure-native/containerservice/managedCluster.js';
import type { Output, Resource } from '@pulumi/pulumi';
import type { Identity } from '../identity/create-identity.ts';
import type { Network } from '../network/create-network.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';
import { nodePools } from './node-pools.ts';

export interface ClusterParts {
  readonly network: Network;
  readonly workspace: Output<string>;
  /** As which the cluster changes the network. */
  readonly control: Identity;
  /** As which nodes pull images. */
  readonly kubelet: Identity;
  /** Roles that both need before. */
  readonly allowedBy: readonly Resource[];
}

export interface Cluster {
  readonly id: Output<string>;
  readonly name: Output<string>;
  /** Issuer of the tokens of service accounts. */
  readonly issuer: Output<string>;
}

/** Who did what, and why nodes came and went; the API server's whole log would cost more than the cluster. */
const logs = ['kube-audit-admin', 'guard', 'cluster-autoscaler', 'cloud-controller-manager'];

export function createCluster(site: Site, parts: ClusterParts): Cluster {
  const { kubernetes, allowedAddresses } = site.config;
  if (kubernetes === undefined) throw new Error('hosting is not kubernetes');
  const { network, control, kubelet } = parts;
  const cluster = new ManagedCluster(
    'cluster',
    {
      resourceName: site.names.plain,
      resourceGroupName: site.resourceGroupName,
      nodeResourceGroup: `${site.names.plain}-nodes`,
      location: site.location,
      tags: site.tags,
      dnsPrefix: site.names.unique,
      sku: { name: 'Base', tier: kubernetes.tier },
      ...(kubernetes.version && { kubernetesVersion: kubernetes.version }),
      identity: { type: 'UserAssigned', userAssignedIdentities: [control.id] },
      identityProfile: {
        kubeletidentity: {
          resourceId: kubelet.id,
          clientId: kubelet.clientId,
          objectId: kubelet.principalId,
        },
      },
      // People come with Microsoft Entra ID, and may what their roles say; there is no other way in.
      disableLocalAccounts: true,
      enableRBAC: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: site.tenantId },
      apiServerAccessProfile: kubernetes.privateApi
        ? { enablePrivateCluster: true, privateDNSZone: 'system', disableRunCommand: true }
        : { authorizedIPRanges: [...allowedAddresses], disableRunCommand: true },
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: { enabled: true, intervalHours: 168 },
      },
      addonProfiles: {
        azureKeyvaultSecretsProvider: {
          enabled: true,
          config: { enableSecretRotation: 'true', rotationPollInterval: '2m' },
        },
      },
      azureMonitorProfile: { metrics: { enabled: true } },
      workloadAutoScalerProfile: { keda: { enabled: true } },
      ingressProfile: { webAppRouting: { enabled: kubernetes.host !== undefined } },
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        // Cilium enforces the chart's network policies.
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
        outboundType: 'loadBalancer',
        podCidr: '10.244.0.0/16',
        serviceCidr: '10.41.0.0/16',
        dnsServiceIP: '10.41.0.10',
      },
      agentPoolProfiles: nodePools(kubernetes, network.processes),
      autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
    },
    {
      dependsOn: [...parts.allowedBy],
      // Upgrades and the autoscaler move them.
      ignoreChanges: [
        'kubernetesVersion',
        'agentPoolProfiles[*].count',
        'agentPoolProfiles[*].orchestratorVersion',
      ],
    },
  );
  sendDiagnostics({ name: 'cluster', resource: cluster.id, workspace: parts.workspace, logs });
  return {
    id: cluster.id,
    name: cluster.name,
    issuer: cluster.oidcIssuerProfile.apply((profile) => {
      if (profile?.issuerURL === undefined) throw new Error('the cluster has no OIDC issuer');
      return profile.issuerURL;
    }),
  };
}
