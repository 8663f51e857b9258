import { Grafana } from '@pulumi/azure-native/dashboard/grafana.js';
import type { Output } from '@pulumi/pulumi';
import { assignRole } from '../identity/assign-role.ts';
import { grantAdministrators } from '../identity/grant.ts';
import type { Site } from '../site.ts';
import { sendDiagnostics } from './send-diagnostics.ts';

export interface GrafanaParts {
  /** Id of the workspace with the metrics. */
  readonly metrics: Output<string>;
  readonly workspace: Output<string>;
}

/** Managed Grafana over the metrics, for people with roles; its address. */
export function createGrafana(site: Site, { metrics, workspace }: GrafanaParts): Output<string> {
  const grafana = new Grafana('grafana', {
    workspaceName: site.names.unique,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    sku: { name: 'Standard' },
    identity: { type: 'SystemAssigned' },
    properties: {
      apiKey: 'Disabled',
      publicNetworkAccess: 'Enabled',
      zoneRedundancy: 'Disabled',
      grafanaIntegrations: {
        azureMonitorWorkspaceIntegrations: [{ azureMonitorWorkspaceResourceId: metrics }],
      },
    },
  });
  assignRole(site, {
    who: 'grafana',
    what: 'metrics',
    principalId: grafana.identity.apply((identity) => identity?.principalId ?? ''),
    role: 'Monitoring Data Reader',
    scope: metrics,
  });
  grantAdministrators(site, [['Grafana Admin', { what: 'grafana', id: grafana.id }]]);
  sendDiagnostics({ name: 'grafana', resource: grafana.id, workspace });
  return grafana.properties.endpoint;
}
