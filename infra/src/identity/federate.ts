import { FederatedIdentityCredential } from '@pulumi/azure-native/managedidentity/federatedIdentityCredential.js';
import type { Output, Resource } from '@pulumi/pulumi';
import type { Site } from '../site.ts';
import type { Identity } from './create-identity.ts';
import type { ServiceAccount } from './service-accounts.ts';

/** Lets pods of the service accounts be the identity: who has a token of one of them from this issuer. */
export function federate(
  site: Site,
  identity: Identity,
  { issuer, accounts }: { issuer: Output<string>; accounts: readonly ServiceAccount[] },
): void {
  let before: Resource | null = null;
  for (const { namespace, name, subject } of accounts) {
    // Azure refuses two at once for one identity.
    before = new FederatedIdentityCredential(
      `${identity.of}-${namespace}`,
      {
        federatedIdentityCredentialResourceName: `${namespace}-${name}`,
        resourceName: identity.name,
        resourceGroupName: site.resourceGroupName,
        issuer,
        subject,
        audiences: ['api://AzureADTokenExchange'],
      },
      { dependsOn: before === null ? [] : [before] },
    );
  }
}
