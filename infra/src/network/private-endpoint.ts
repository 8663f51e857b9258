import { PrivateDnsZoneGroup } from '@pulumi/azure-native/network/privateDnsZoneGroup.js';
import { PrivateEndpoint } from '@pulumi/azure-native/network/privateEndpoint.js';
import { PrivateZone } from '@pulumi/azure-native/privatedns/privateZone.js';
import { VirtualNetworkLink } from '@pulumi/azure-native/privatedns/virtualNetworkLink.js';
import type { Input } from '@pulumi/pulumi';
import type { Site } from '../site.ts';
import type { Network } from './create-network.ts';

/** What can be reached within the network: sub-resource and DNS zone, as Azure names them. */
const services = {
  hubs: { subresource: 'namespace', zone: 'privatelink.servicebus.windows.net' },
  blobs: { subresource: 'blob', zone: 'privatelink.blob.core.windows.net' },
  vault: { subresource: 'vault', zone: 'privatelink.vaultcore.azure.net' },
  database: { subresource: 'postgresqlServer', zone: 'privatelink.postgres.database.azure.com' },
  registry: { subresource: 'registry', zone: 'privatelink.azurecr.io' },
} as const;

export interface Reached {
  readonly service: keyof typeof services;
  /** Its id. */
  readonly resource: Input<string>;
}

/** Gives a service an address in the network, and lets its public name mean that address there. */
export function createPrivateEndpoint(site: Site, network: Network, { service, resource }: Reached): void {
  const { subresource, zone: zoneName } = services[service];
  const { resourceGroupName, tags } = site;
  const zone = new PrivateZone(`${service}-zone`, {
    privateZoneName: zoneName,
    resourceGroupName,
    location: 'global',
    tags,
  });
  new VirtualNetworkLink(`${service}-zone-link`, {
    virtualNetworkLinkName: site.names.plain,
    privateZoneName: zone.name,
    resourceGroupName,
    location: 'global',
    tags,
    virtualNetwork: { id: network.id },
    registrationEnabled: false,
  });
  const endpoint = new PrivateEndpoint(`${service}-endpoint`, {
    privateEndpointName: `${site.names.plain}-${service}`,
    resourceGroupName,
    location: site.location,
    tags,
    subnet: { id: network.endpoints },
    privateLinkServiceConnections: [
      { name: service, privateLinkServiceId: resource, groupIds: [subresource] },
    ],
  });
  new PrivateDnsZoneGroup(`${service}-endpoint-zone`, {
    privateDnsZoneGroupName: 'default',
    privateEndpointName: endpoint.name,
    resourceGroupName,
    privateDnsZoneConfigs: [{ name: service, privateDnsZoneId: zone.id }],
  });
}
