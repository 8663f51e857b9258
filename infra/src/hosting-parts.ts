import type { Output } from '@pulumi/pulumi';
import type { DataServices } from './data/create-data-services.ts';
import type { Network } from './network/create-network.ts';

/** What a way of hosting builds on. */
export interface HostingParts {
  readonly network: Network;
  readonly services: DataServices;
  /** Id of the workspace for logs. */
  readonly workspace: Output<string>;
}
