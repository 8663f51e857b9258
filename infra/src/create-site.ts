import { getClientConfigOutput } from '@pulumi/azure-native/authorization/getClientConfig.js';
import { ResourceGroup } from '@pulumi/azure-native/resources/resourceGroup.js';
import { resourceNames } from './config/resource-names.ts';
import type { StackConfig } from './config/stack-config.ts';
import type { Site } from './site.ts';

/** Makes the resource group that holds the stack. */
export function createSite(stack: string, config: StackConfig): Site {
  const names = resourceNames(stack, config.suffix);
  const tags = { product: 'verdict', stack, managedBy: 'pulumi', ...config.tags };
  const group = new ResourceGroup('group', {
    resourceGroupName: names.plain,
    location: config.location,
    tags,
  });
  const client = getClientConfigOutput();
  return {
    config,
    names,
    tags,
    location: config.location,
    resourceGroupName: group.name,
    resourceGroupId: group.id,
    subscriptionId: client.subscriptionId,
    tenantId: client.tenantId,
  };
}
