import { Vault } from '@pulumi/azure-native/keyvault/vault.js';
import { interpolate, type Output } from '@pulumi/pulumi';
import type { Network } from '../network/create-network.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';

/** Secrets that people put into the vault: this program never sees them. */
export const secretNames = {
  /** Private key (ES256, PEM or JWK) that signs people's tokens. */
  signingKey: 'signing-key',
  /** Password of the user `service` with which detectors come to the gateway; for web apps alone. */
  servicePassword: 'service-password',
} as const;

export interface KeyVault {
  readonly id: Output<string>;
  readonly name: Output<string>;
  readonly url: Output<string>;
  /** Id of a secret, as the scope of a role. */
  secretId(secret: keyof typeof secretNames): Output<string>;
}

/** The vault. Who may read what is said by roles, each for one secret. */
export function createKeyVault(site: Site, network: Network, workspace: Output<string>): KeyVault {
  const { privateEndpoints, allowedAddresses } = site.config;
  const vault = new Vault('vault', {
    vaultName: site.names.unique,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    properties: {
      tenantId: site.tenantId,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: privateEndpoints ? 'Disabled' : 'Enabled',
      networkAcls: {
        defaultAction: 'Deny',
        bypass: 'None',
        virtualNetworkRules: privateEndpoints ? [] : [{ id: network.processes }],
        ipRules: privateEndpoints ? [] : allowedAddresses.map((value) => ({ value })),
      },
    },
  });
  sendDiagnostics({ name: 'vault', resource: vault.id, workspace });
  return {
    id: vault.id,
    name: vault.name,
    url: interpolate`https://${vault.name}.vault.azure.net`,
    secretId: (secret) => interpolate`${vault.id}/secrets/${secretNames[secret]}`,
  };
}
