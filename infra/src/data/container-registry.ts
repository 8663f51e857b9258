import { Registry } from '@pulumi/azure-native/containerregistry/registry.js';
import type { Output } from '@pulumi/pulumi';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

export interface ContainerRegistry {
  readonly id: Output<string>;
  readonly host: Output<string>;
}

/** Where our images are: no administrator's password, nothing for strangers. */
export function createContainerRegistry(site: Site, workspace: Output<string>): ContainerRegistry {
  const { tier, publicAccess } = site.config.registry;
  const premium = tier === 'Premium';
  const registry = new Registry('registry', {
    registryName: site.names.letters,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    sku: { name: tier },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled',
    ...(premium && {
      policies: { retentionPolicy: { status: 'enabled', days: 30 } },
      zoneRedundancy: 'Enabled',
    }),
  });
  sendDiagnostics({ name: 'registry', resource: registry.id, workspace });
  return { id: registry.id, host: registry.loginServer };
}
