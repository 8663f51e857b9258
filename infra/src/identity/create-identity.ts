import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity/userAssignedIdentity.js';
import type { Output } from '@pulumi/pulumi';
import type { Site } from '../site.ts';

/** An identity that processes take on, without a secret. */
export interface Identity {
  /** What it is for: `gateway`. */
  readonly of: string;
  readonly id: Output<string>;
  /** Also the name of its role in the database. */
  readonly name: Output<string>;
  readonly clientId: Output<string>;
  /** As roles name it. */
  readonly principalId: Output<string>;
}

export function createIdentity(site: Site, of: string): Identity {
  const identity = new UserAssignedIdentity(`${of}-identity`, {
    resourceName: `${site.names.plain}-${of}`,
    resourceGroupName: site.resourceGroupName,
    location: site.location,
    tags: site.tags,
  });
  const { id, name, clientId, principalId } = identity;
  return { of, id, name, clientId, principalId };
}
