import { AzureMonitorWorkspace } from '@pulumi/azure-native/monitor/azureMonitorWorkspace.js';
import { DataCollectionEndpoint } from '@pulumi/azure-native/monitor/dataCollectionEndpoint.js';
import { DataCollectionRule } from '@pulumi/azure-native/monitor/dataCollectionRule.js';
import { DataCollectionRuleAssociation } from '@pulumi/azure-native/monitor/dataCollectionRuleAssociation.js';
import type { Output } from '@pulumi/pulumi';
import type { Cluster } from '../kubernetes/create-cluster.ts';
import type { Site } from '../site.ts';

/** Collects what the cluster's agents scrape; the id of the workspace that has it. */
export function createManagedPrometheus(site: Site, cluster: Cluster): Output<string> {
  const { resourceGroupName, location, tags, names } = site;
  const workspace = new AzureMonitorWorkspace('metrics', {
    azureMonitorWorkspaceName: names.plain,
    resourceGroupName,
    location,
    tags,
  });
  const endpoint = new DataCollectionEndpoint('metrics-endpoint', {
    dataCollectionEndpointName: `${names.plain}-metrics`,
    resourceGroupName,
    location,
    tags,
    kind: 'Linux',
    networkAcls: { publicNetworkAccess: 'Enabled' },
  });
  const stream = 'Microsoft-PrometheusMetrics';
  const rule = new DataCollectionRule('metrics-rule', {
    dataCollectionRuleName: `${names.plain}-metrics`,
    resourceGroupName,
    location,
    tags,
    kind: 'Linux',
    dataCollectionEndpointId: endpoint.id,
    dataSources: { prometheusForwarder: [{ name: 'prometheus', streams: [stream] }] },
    destinations: { monitoringAccounts: [{ name: 'metrics', accountResourceId: workspace.id }] },
    dataFlows: [{ streams: [stream], destinations: ['metrics'] }],
  });
  new DataCollectionRuleAssociation('metrics-of-cluster', {
    associationName: 'verdict-metrics',
    resourceUri: cluster.id,
    dataCollectionRuleId: rule.id,
  });
  return workspace.id;
}
