import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { output, runtime } from '@pulumi/pulumi';
import type { StackConfig } from '../config/stack-config.ts';
import { createPlatform } from '../create-platform.ts';
import type { Registered } from '../policies/policy.ts';

/** What Pulumi was asked for while the program of a stack ran. */
export interface Graph {
  readonly resources: readonly Registered[];
  /** Functions of Azure that were called: type tokens. */
  readonly calls: readonly string[];
  readonly outputs: unknown;
}

/** A GUID that belongs to a text. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Inputs that give a resource its name in Azure, by type; `name` otherwise. */
const nameInputs: Record<string, string> = {
  'azure-native:resources:ResourceGroup': 'resourceGroupName',
  'azure-native:eventhub:Namespace': 'namespaceName',
  'azure-native:eventhub:EventHub': 'eventHubName',
  'azure-native:storage:StorageAccount': 'accountName',
  'azure-native:storage:BlobContainer': 'containerName',
  'azure-native:keyvault:Vault': 'vaultName',
  'azure-native:dbforpostgresql:Server': 'serverName',
  'azure-native:dbforpostgresql:Database': 'databaseName',
  'azure-native:containerregistry:Registry': 'registryName',
  'azure-native:containerservice:ManagedCluster': 'resourceName',
  'azure-native:managedidentity:UserAssignedIdentity': 'resourceName',
  'azure-native:network:VirtualNetwork': 'virtualNetworkName',
  'azure-native:network:PrivateEndpoint': 'privateEndpointName',
  'azure-native:privatedns:PrivateZone': 'privateZoneName',
};

/** What Azure adds to what it was asked for. */
function made(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case 'azure-native:managedidentity:UserAssignedIdentity':
      return { clientId: guidOf(`client ${name}`), principalId: guidOf(`principal ${name}`) };
    case 'azure-native:containerservice:ManagedCluster':
      return {
        oidcIssuerProfile: { enabled: true, issuerURL: 'https://westeurope.oic.example/tenant/cluster/' },
      };
    case 'azure-native:containerregistry:Registry':
      return { loginServer: 'registry.azurecr.io' };
    case 'azure-native:dashboard:Grafana':
      return {
        identity: { type: 'SystemAssigned', principalId: guidOf('principal grafana') },
        properties: { endpoint: 'https://grafana.example' },
      };
    case 'azure-native:web:WebApp':
      return { defaultHostName: `${name}.azurewebsites.net` };
    default:
      return {};
  }
}

/** Runs the whole program of a stack; nothing of Azure is asked. Not twice at the same time. */
export async function runGraph(stack: string, config: StackConfig): Promise<Graph> {
  const resources: Registered[] = [];
  const calls: string[] = [];
  await runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const id = `id:${name}`;
        resources.push({ type, name, id, inputs });
        const azureName = inputs[nameInputs[type] ?? 'name'] ?? name;
        return { id, state: { ...inputs, name: azureName, ...made(type, name) } };
      },
      call: ({ token }) => {
        calls.push(token);
        return { subscriptionId: 'subscription', tenantId: guidOf('tenant'), clientId: '', objectId: '' };
      },
    },
    'verdict',
    stack,
    false,
  );
  const outputs = await new Promise((resolve) => output(createPlatform(stack, config)).apply(resolve));
  await runtime.disconnect();
  // Policies tell resources apart by their ids.
  const twice = resources.filter(({ id }, index) => resources.findIndex((other) => other.id === id) < index);
  assert.deepEqual(
    twice.map(({ name }) => name),
    [],
    'two resources have one name',
  );
  return { resources, calls, outputs };
}
