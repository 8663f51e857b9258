import { ConsumerGroup } from '@pulumi/azure-native/eventhub/consumerGroup.js';
import { EventHub } from '@pulumi/azure-native/eventhub/eventHub.js';
import { Namespace } from '@pulumi/azure-native/eventhub/namespace.js';
import { NamespaceNetworkRuleSet } from '@pulumi/azure-native/eventhub/namespaceNetworkRuleSet.js';
import { interpolate, type Output, type Resource } from '@pulumi/pulumi';
import type { Network } from '../network/create-network.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

export interface EventHubs {
  readonly id: Output<string>;
  /** Host name that clients connect to. */
  readonly host: Output<string>;
  /** Ids of the hubs, for roles. */
  readonly data: Output<string>;
  readonly feedback: Output<string>;
}

/** Where captured events go, and as whom: an identity that may write there already. */
export interface Capture {
  readonly account: Output<string>;
  readonly container: Output<string>;
  readonly identity: Output<string>;
  /** The identity's role. */
  readonly allowedBy: Resource;
}

export interface EventHubsParts {
  readonly network: Network;
  readonly workspace: Output<string>;
  readonly capture: Capture | null;
}

/** The namespace with the hubs `data` and `feedback`, for identities alone: it has no keys that work. */
export function createEventHubs(site: Site, { network, workspace, capture }: EventHubsParts): EventHubs {
  const { eventHubs: config, privateEndpoints, allowedAddresses } = site.config;
  const publicNetworkAccess = privateEndpoints ? 'Disabled' : 'Enabled';
  const namespace = new Namespace(
    'hubs',
    {
      namespaceName: site.names.unique,
      resourceGroupName: site.resourceGroupName,
      location: site.location,
      tags: site.tags,
      sku: { name: 'Standard', tier: 'Standard', capacity: config.throughputUnits },
      isAutoInflateEnabled: config.mostThroughputUnits > config.throughputUnits,
      maximumThroughputUnits:
        config.mostThroughputUnits > config.throughputUnits ? config.mostThroughputUnits : 0,
      disableLocalAuth: true,
      minimumTlsVersion: '1.2',
      publicNetworkAccess,
      zoneRedundant: true,
      ...(capture && { identity: { type: 'UserAssigned', userAssignedIdentities: [capture.identity] } }),
    },
    {
      // Auto-inflate moves it.
      ignoreChanges: ['sku.capacity'],
    },
  );
  const of = { namespaceName: namespace.name, resourceGroupName: site.resourceGroupName };
  new NamespaceNetworkRuleSet('hubs-firewall', {
    ...of,
    publicNetworkAccess,
    defaultAction: 'Deny',
    trustedServiceAccessEnabled: true,
    virtualNetworkRules: privateEndpoints ? [] : [{ subnet: { id: network.processes } }],
    ipRules: privateEndpoints ? [] : allowedAddresses.map((ipMask) => ({ ipMask, action: 'Allow' })),
  });
  const retentionDescription = { cleanupPolicy: 'Delete', retentionTimeInHours: config.retentionHours };
  const data = new EventHub(
    'data',
    {
      ...of,
      eventHubName: 'data',
      partitionCount: config.dataPartitions,
      retentionDescription,
      ...(capture && { captureDescription: captureTo(capture) }),
    },
    { dependsOn: capture ? [capture.allowedBy] : [] },
  );
  const feedback = new EventHub('feedback', {
    ...of,
    eventHubName: 'feedback',
    partitionCount: config.feedbackPartitions,
    retentionDescription,
  });
  for (const group of config.consumerGroups)
    new ConsumerGroup(`data-${group}`, { ...of, eventHubName: data.name, consumerGroupName: group });
  new ConsumerGroup('feedback-retrainer', {
    ...of,
    eventHubName: feedback.name,
    consumerGroupName: 'retrainer',
  });
  sendDiagnostics({ name: 'hubs', resource: namespace.id, workspace });
  return {
    id: namespace.id,
    host: interpolate`${namespace.name}.servicebus.windows.net`,
    data: data.id,
    feedback: feedback.id,
  };
}

function captureTo({ account, container, identity }: Capture) {
  return {
    enabled: true,
    encoding: 'Avro' as const,
    intervalInSeconds: 300,
    sizeLimitInBytes: 314_572_800,
    skipEmptyArchives: true,
    destination: {
      name: 'EventHubArchive.AzureBlockBlob',
      storageAccountResourceId: account,
      blobContainer: container,
      archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}',
      identity: { type: 'UserAssigned' as const, userAssignedIdentity: identity },
    },
  };
}
