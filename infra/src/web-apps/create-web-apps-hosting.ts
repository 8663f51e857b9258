import { AppServicePlan } from '@pulumi/azure-native/web/appServicePlan.js';
import { interpolate, type Output } from '@pulumi/pulumi';
import type { HostingParts } from '../hosting-parts.ts';
import { createIdentity, type Identity } from '../identity/create-identity.ts';
import { grant } from '../identity/grant.ts';
import { serviceScopes } from '../identity/service-roles.ts';
import { sendDiagnostics } from '../observation/send-diagnostics.ts';
import type { Site } from '../site.ts';
import { type AppSettings, azureSettings, oidcSettings, vaultReference } from './app-settings.ts';
import { appHost, createWebApp } from './create-web-app.ts';

export const webApps = ['gateway', 'front-end', 'workers'] as const;
export type WebAppName = (typeof webApps)[number];

export interface WebAppsHosting {
  readonly identities: Readonly<Record<WebAppName, Identity>>;
  readonly hosts: Readonly<Record<WebAppName, Output<string>>>;
}

/**
 * The smaller way, without Kubernetes: three containers on one plan. The gateway's image runs twice, so that producers
 * and people do not wait for each other: `gateway` takes readings, `front-end` serves the dashboard and its sockets.
 * `workers` runs detectors and retrainer as `standalone` does.
 */
export function createWebAppsHosting(site: Site, parts: HostingParts): WebAppsHosting {
  const { webApps: config } = site.config;
  if (config === undefined) throw new Error('hosting is not webApps');
  const { network, services, workspace } = parts;
  const { registry } = services;
  const plan = new AppServicePlan('plan', {
    name: site.names.plain,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    kind: 'linux',
    reserved: true,
    sku: { name: config.sku, capacity: config.instances },
    zoneRedundant: config.zoneRedundant,
    // Each app says on how many of the machines it runs.
    perSiteScaling: true,
  });
  sendDiagnostics({ name: 'plan', resource: plan.id, workspace, logs: [] });

  const identities = Object.fromEntries(webApps.map((name) => [name, createIdentity(site, name)])) as Record<
    WebAppName,
    Identity
  >;
  const scopes = serviceScopes(services);
  const signs = [
    ['Azure Event Hubs Data Sender', scopes.dataHub],
    ['Azure Event Hubs Data Sender', scopes.feedbackHub],
    ['Storage Blob Data Contributor', scopes.blobs],
    ['Key Vault Secrets User', scopes.signingKey],
    ['Key Vault Secrets User', scopes.servicePassword],
    ['AcrPull', scopes.registry],
  ] as const;
  const allowedBy = {
    gateway: grant(site, identities.gateway, signs),
    'front-end': grant(site, identities['front-end'], signs),
    workers: grant(site, identities.workers, [
      ['Azure Event Hubs Data Receiver', scopes.dataHub],
      ['Azure Event Hubs Data Receiver', scopes.feedbackHub],
      ['Storage Blob Data Contributor', scopes.blobs],
      ['Key Vault Secrets User', scopes.servicePassword],
      ['AcrPull', scopes.registry],
    ]),
  };
  const app = (name: WebAppName, image: string, settings: AppSettings) =>
    createWebApp(site, {
      name,
      image: interpolate`${registry.host}/verdict/${image}:${config.imageTag}`,
      identity: identities[name],
      settings: { ...azureSettings(identities[name], services), ...settings },
      plan: plan.id,
      subnet: network.processes,
      workspace,
      public: name !== 'workers',
      // Trainings and rollouts are conducted in one place.
      instances: name === 'workers' ? 1 : config.instances,
      allowedBy: allowedBy[name],
    });
  const gateway = (name: WebAppName) =>
    app(name, 'gateway', {
      VERDICT_ALLOWED_HOSTS: appHost(site, name),
      VERDICT_SIGNING_KEY: vaultReference(services, 'signingKey'),
      VERDICT_SERVICE_PASSWORD: vaultReference(services, 'servicePassword'),
      ...oidcSettings(site, `https://${appHost(site, name)}`),
    });
  return {
    identities,
    hosts: {
      gateway: gateway('gateway'),
      'front-end': gateway('front-end'),
      workers: app('workers', 'workers', {
        VERDICT_GATEWAY_URL: `https://${appHost(site, 'gateway')}`,
        VERDICT_SERVICE_USER: 'service',
        VERDICT_SERVICE_PASSWORD: vaultReference(services, 'servicePassword'),
      }),
    },
  };
}
