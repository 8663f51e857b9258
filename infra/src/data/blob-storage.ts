import { BlobContainer } from '@pulumi/azure-native/storage/blobContainer.js';
import { BlobServiceProperties } from '@pulumi/azure-native/storage/blobServiceProperties.js';
import { ManagementPolicy } from '@pulumi/azure-native/storage/managementPolicy.js';
import { StorageAccount } from '@pulumi/azure-native/storage/storageAccount.js';
import { interpolate, type Output } from '@pulumi/pulumi';
import type { Network } from '../network/create-network.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

/** A container: its id for roles, its name for those who write there. */
interface Container {
  readonly id: Output<string>;
  readonly name: Output<string>;
}

export interface BlobStorage {
  readonly id: Output<string>;
  /** Artefacts of models, and the state of series. */
  readonly verdict: Container;
  /** Events that are kept, where the stack wants that. */
  readonly capture: Container | null;
  /** As VERDICT_BLOBS_URL wants it. */
  readonly url: Output<string>;
}

/** The storage account, for identities alone: its keys open nothing. */
export function createBlobStorage(site: Site, network: Network, workspace: Output<string>): BlobStorage {
  const { storage, privateEndpoints, allowedAddresses, eventHubs } = site.config;
  const account = new StorageAccount('storage', {
    accountName: site.names.letters,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    kind: 'StorageV2',
    sku: { name: `Standard_${storage.redundancy}` },
    allowSharedKeyAccess: false,
    defaultToOAuthAuthentication: true,
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    minimumTlsVersion: 'TLS1_2',
    enableHttpsTrafficOnly: true,
    isLocalUserEnabled: false,
    publicNetworkAccess: privateEndpoints ? 'Disabled' : 'Enabled',
    networkRuleSet: {
      defaultAction: 'Deny',
      // Event Hubs, which captures with an identity of ours.
      bypass: 'AzureServices',
      virtualNetworkRules: privateEndpoints ? [] : [{ virtualNetworkResourceId: network.processes }],
      ipRules: privateEndpoints ? [] : allowedAddresses.map((iPAddressOrRange) => ({ iPAddressOrRange })),
    },
  });
  const of = { accountName: account.name, resourceGroupName: site.resourceGroupName };
  const kept = { enabled: true, days: 7 };
  const blobs = new BlobServiceProperties('blobs', {
    ...of,
    blobServicesName: 'default',
    deleteRetentionPolicy: kept,
    containerDeleteRetentionPolicy: kept,
  });
  const container = (containerName: string): Container => {
    const { id, name } = new BlobContainer(containerName, { ...of, containerName, publicAccess: 'None' });
    return { id, name };
  };
  const verdict = container('verdict');
  const capture = eventHubs.capture ? container('capture') : null;
  if (capture)
    new ManagementPolicy('capture-end', {
      ...of,
      managementPolicyName: 'default',
      policy: forget(eventHubs.captureDays),
    });
  sendDiagnostics({ name: 'storage', resource: account.id, workspace, logs: [] });
  sendDiagnostics({ name: 'blobs', resource: blobs.id, workspace });
  return {
    id: account.id,
    verdict,
    capture,
    url: interpolate`https://${account.name}.blob.core.windows.net/${verdict.name}`,
  };
}

/** Captured events are deleted after so many days. */
function forget(days: number) {
  return {
    rules: [
      {
        name: 'capture-end',
        type: 'Lifecycle',
        enabled: true,
        definition: {
          filters: { blobTypes: ['blockBlob'], prefixMatch: ['capture/'] },
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: days } } },
        },
      },
    ],
  };
}
