import { Workspace } from '@pulumi/azure-native/operationalinsights/workspace.js';
import type { Output } from '@pulumi/pulumi';
import type { Site } from '../site.ts';
import { sendDiagnostics } from './send-diagnostics.ts';

/** Where the logs of all resources go; its id. */
export function createLogWorkspace(site: Site): Output<string> {
  const workspace = new Workspace('logs', {
    workspaceName: site.names.plain,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
    sku: { name: 'PerGB2018' },
    retentionInDays: site.config.logRetentionDays,
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
  });
  sendDiagnostics({ name: 'logs', resource: workspace.id, workspace: workspace.id });
  return workspace.id;
}
