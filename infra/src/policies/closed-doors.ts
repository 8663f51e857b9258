import { each, type Policy } from './policy.ts';

/** Services with a firewall let in what is named and nothing else. */
export const firewalled: Policy = (resources) => [
  ...each(resources, 'storage:StorageAccount', {
    must: 'deny by default',
    holds: ({ networkRuleSet }) => networkRuleSet?.defaultAction === 'Deny',
  }),
  ...each(resources, 'keyvault:Vault', {
    must: 'deny by default',
    holds: ({ properties }) => properties.networkAcls?.defaultAction === 'Deny',
  }),
  ...each(resources, 'eventhub:NamespaceNetworkRuleSet', {
    must: 'deny by default',
    holds: ({ defaultAction }) => defaultAction === 'Deny',
  }),
];

/** With private endpoints, data has no public address at all. */
export const noPublicData: Policy = (resources) => [
  ...['storage:StorageAccount', 'eventhub:Namespace', 'eventhub:NamespaceNetworkRuleSet'].flatMap((type) =>
    each(resources, type, {
      must: 'have no public address',
      holds: ({ publicNetworkAccess }) => publicNetworkAccess === 'Disabled',
    }),
  ),
  ...each(resources, 'keyvault:Vault', {
    must: 'have no public address',
    holds: ({ properties }) => properties.publicNetworkAccess === 'Disabled',
  }),
];
