import { Subnet } from '@pulumi/azure-native/network/subnet.js';
import { VirtualNetwork } from '@pulumi/azure-native/network/virtualNetwork.js';
import type { Input, Output } from '@pulumi/pulumi';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';
import { createSecurityGroups } from './security-groups.ts';

export interface Network {
  readonly id: Output<string>;
  /** Id of the subnet in which the processes run, on nodes or as web apps. */
  readonly processes: Output<string>;
  /** Id of the subnet of private endpoints. */
  readonly endpoints: Output<string>;
}

/** By these the firewalls of hubs, storage and vault know the subnet, where they have public addresses. */
const serviceEndpoints = ['Microsoft.EventHub', 'Microsoft.Storage', 'Microsoft.KeyVault'];

export function createNetwork(site: Site, workspace: Input<string>): Network {
  const network = new VirtualNetwork('network', {
    virtualNetworkName: site.names.plain,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    addressSpace: { addressPrefixes: ['10.40.0.0/16'] },
  });
  sendDiagnostics({ name: 'network', resource: network.id, workspace });
  const groups = createSecurityGroups(site, workspace);
  const common = { resourceGroupName: site.resourceGroupName, virtualNetworkName: network.name };
  const services = site.config.privateEndpoints ? [] : serviceEndpoints.map((service) => ({ service }));

  // Azure changes one subnet of a network at a time: each waits for the one before it.
  const endpoints = new Subnet('endpoints', {
    ...common,
    subnetName: 'endpoints',
    addressPrefix: '10.40.16.0/24',
    networkSecurityGroup: { id: groups.endpoints },
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: 'NetworkSecurityGroupEnabled',
  });
  const processes =
    site.config.hosting === 'kubernetes'
      ? new Subnet(
          'nodes',
          {
            ...common,
            subnetName: 'nodes',
            addressPrefix: '10.40.0.0/20',
            networkSecurityGroup: { id: groups.nodes },
            defaultOutboundAccess: false,
            serviceEndpoints: services,
          },
          { dependsOn: [endpoints] },
        )
      : new Subnet(
          'apps',
          {
            ...common,
            subnetName: 'apps',
            addressPrefix: '10.40.17.0/24',
            networkSecurityGroup: { id: groups.apps },
            defaultOutboundAccess: false,
            serviceEndpoints: services,
            delegations: [{ name: 'web-apps', serviceName: 'Microsoft.Web/serverFarms' }],
          },
          { dependsOn: [endpoints] },
        );
  return { id: network.id, processes: processes.id, endpoints: endpoints.id };
}
