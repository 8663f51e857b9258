import { ofType, type Policy } from './policy.ts';

/** Types that tell what happens in them, by `Microsoft.Insights/diagnosticSettings`. */
const telling = [
  'operationalinsights:Workspace',
  'eventhub:Namespace',
  'storage:StorageAccount',
  'storage:BlobServiceProperties',
  'keyvault:Vault',
  'dbforpostgresql:Server',
  'containerregistry:Registry',
  'containerservice:ManagedCluster',
  'dashboard:Grafana',
  'network:VirtualNetwork',
  'network:NetworkSecurityGroup',
  'web:AppServicePlan',
  'web:WebApp',
];

/** Types that are known to tell nothing: any other must be sorted into one of these lists. */
const silent = [
  'authorization:RoleAssignment',
  'consumption:Budget',
  'dbforpostgresql:AdministratorsMicrosoftEntra',
  'dbforpostgresql:Configuration',
  'dbforpostgresql:Database',
  'eventhub:ConsumerGroup',
  'eventhub:EventHub',
  'eventhub:NamespaceNetworkRuleSet',
  'managedidentity:FederatedIdentityCredential',
  'managedidentity:UserAssignedIdentity',
  'monitor:AzureMonitorWorkspace',
  'monitor:DataCollectionEndpoint',
  'monitor:DataCollectionRule',
  'monitor:DataCollectionRuleAssociation',
  'monitor:DiagnosticSetting',
  'network:PrivateDnsZoneGroup',
  'network:PrivateEndpoint',
  'network:Subnet',
  'privatedns:PrivateZone',
  'privatedns:VirtualNetworkLink',
  'resources:ResourceGroup',
  'storage:BlobContainer',
  'storage:ManagementPolicy',
  'web:WebAppFtpAllowed',
  'web:WebAppScmAllowed',
];

/** Every resource that can tell what happens in it does so, to the workspace. */
export const diagnosticsOn: Policy = (resources) => {
  const workspaces = new Set(ofType(resources, 'operationalinsights:Workspace').map(({ id }) => id));
  const told = new Set(
    ofType(resources, 'monitor:DiagnosticSetting')
      .filter(({ inputs }) => workspaces.has(inputs.workspaceId))
      .filter(({ inputs }) =>
        [...(inputs.logs ?? []), ...(inputs.metrics ?? [])].some(({ enabled }) => enabled === true),
      )
      .map(({ inputs }) => inputs.resourceUri),
  );
  return [
    ...telling
      .flatMap((type) => ofType(resources, type))
      .filter(({ id }) => !told.has(id))
      .map(({ type, name }) => `${type} ${name} sends no diagnostics`),
    ...resources
      .filter(({ type }) => ![...telling, ...silent].includes(type.replace(/^azure-native:/, '')))
      .map(({ type }) => `${type} is in neither list of policies/diagnostics-on.ts`),
  ];
};
