import { ofType, type Policy } from './policy.ts';

/** Types of Azure that take tags, of those that we use. */
const taggable = [
  'resources:ResourceGroup',
  'operationalinsights:Workspace',
  'eventhub:Namespace',
  'storage:StorageAccount',
  'keyvault:Vault',
  'dbforpostgresql:Server',
  'containerregistry:Registry',
  'containerservice:ManagedCluster',
  'dashboard:Grafana',
  'managedidentity:UserAssignedIdentity',
  'monitor:AzureMonitorWorkspace',
  'monitor:DataCollectionEndpoint',
  'monitor:DataCollectionRule',
  'network:VirtualNetwork',
  'network:NetworkSecurityGroup',
  'network:PrivateEndpoint',
  'privatedns:PrivateZone',
  'privatedns:VirtualNetworkLink',
  'web:AppServicePlan',
  'web:WebApp',
];
const wanted = ['product', 'stack', 'managedBy', 'owner', 'costCentre'];

/** What costs something says whose it is. */
export const tagged: Policy = (resources) =>
  taggable
    .flatMap((type) => ofType(resources, type))
    .flatMap(({ type, name, inputs }) =>
      wanted.filter((tag) => !inputs.tags?.[tag]).map((tag) => `${type} ${name} has no tag ${tag}`),
    );
