import { WebApp } from '@pulumi/azure-native/web/webApp.js';
import { WebAppFtpAllowed } from '@pulumi/azure-native/web/webAppFtpAllowed.js';
import { WebAppScmAllowed } from '@pulumi/azure-native/web/webAppScmAllowed.js';
import { type Input, interpolate, type Output, type Resource } from '@pulumi/pulumi';
import type { Identity } from '../identity/create-identity.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';
import type { AppSettings } from './app-settings.ts';

export interface WebAppParts {
  /** Name of the app within the stack. */
  readonly name: string;
  /** With its tag. */
  readonly image: Input<string>;
  readonly identity: Identity;
  readonly settings: AppSettings;
  /** Id of the plan. */
  readonly plan: Input<string>;
  /** Id of the subnet from which it reaches everything else. */
  readonly subnet: Input<string>;
  readonly workspace: Input<string>;
  /** People and producers reach it. */
  readonly public: boolean;
  /** On how many machines of the plan it runs. */
  readonly instances: number;
  /** Roles that it needs to start. */
  readonly allowedBy: readonly Resource[];
}

/** Host name of an app. */
export function appHost(site: Site, name: string): string {
  return `${site.names.unique}-${name}.azurewebsites.net`;
}

/** A container in App Service. */
export function createWebApp(site: Site, parts: WebAppParts): Output<string> {
  const { name, identity, settings, subnet, allowedBy } = parts;
  const access = parts.public ? 'Enabled' : 'Disabled';
  const app = new WebApp(
    `app-${name}`,
    {
      name: `${site.names.unique}-${name}`,
      resourceGroupName: site.resourceGroupName,
      location: site.location,
      tags: site.tags,
      kind: 'app,linux,container',
      reserved: true,
      serverFarmId: parts.plan,
      httpsOnly: true,
      // A browser's requests belong to one instance until its WebSocket is open.
      clientAffinityEnabled: parts.public,
      publicNetworkAccess: access,
      virtualNetworkSubnetId: subnet,
      outboundVnetRouting: { allTraffic: true },
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      keyVaultReferenceIdentity: identity.id,
      siteConfig: {
        linuxFxVersion: interpolate`DOCKER|${parts.image}`,
        acrUseManagedIdentityCreds: true,
        acrUserManagedIdentityID: identity.clientId,
        alwaysOn: true,
        numberOfWorkers: parts.instances,
        webSocketsEnabled: true,
        http20Enabled: true,
        minTlsVersion: '1.2',
        scmMinTlsVersion: '1.2',
        ftpsState: 'Disabled',
        healthCheckPath: '/healthz',
        publicNetworkAccess: access,
        ...(parts.public && restrictedTo(site.config.allowedAddresses)),
        appSettings: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
      },
    },
    { dependsOn: [...allowedBy] },
  );
  // Passwords for publishing: not by FTP, not by Kudu.
  const of = { name: app.name, resourceGroupName: site.resourceGroupName };
  new WebAppFtpAllowed(`app-${name}-ftp`, { ...of, allow: false });
  new WebAppScmAllowed(`app-${name}-scm`, { ...of, allow: false });
  sendDiagnostics({ name: `app-${name}`, resource: app.id, workspace: parts.workspace });
  return app.defaultHostName;
}

/** Everybody, unless the stack names addresses. */
function restrictedTo(addresses: readonly string[]) {
  if (addresses.length === 0) return {};
  return {
    ipSecurityRestrictionsDefaultAction: 'Deny',
    ipSecurityRestrictions: addresses.map((address, index) => ({
      name: `allowed-${index}`,
      priority: 100 + index,
      action: 'Allow',
      ipAddress: address.includes('/') ? address : `${address}/32`,
    })),
  };
}
