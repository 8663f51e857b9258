import type { Output } from '@pulumi/pulumi';
import type { ResourceNames } from './config/resource-names.ts';
import type { StackConfig } from './config/stack-config.ts';

/** Where everything of a stack goes: what all components need to know. */
export interface Site {
  readonly config: StackConfig;
  readonly names: ResourceNames;
  readonly tags: Record<string, string>;
  readonly location: string;
  readonly resourceGroupName: Output<string>;
  readonly resourceGroupId: Output<string>;
  readonly subscriptionId: Output<string>;
  readonly tenantId: Output<string>;
}
