import { output } from '@pulumi/pulumi';
import { entraIssuer } from '../config/open-id-connect.ts';
import type { DataServices } from '../data/create-data-services.ts';
import { secretNames } from '../data/key-vault.ts';
import { databaseUrl } from '../database-url.ts';
import type { Identity } from '../identity/create-identity.ts';
import type { Site } from '../site.ts';

/** What both ways of hosting tell. */
export function commonOutputs(site: Site, { hubs, storage, vault, database, registry }: DataServices) {
  return {
    tenantId: site.tenantId,
    registry: registry.host,
    blobsUrl: storage.url,
    eventHubsNamespace: hubs.host,
    databaseHost: database.host,
    databaseName: database.database,
    vaultName: vault.name,
    signingKeySecret: secretNames.signingKey,
    oidc: oidcOf(site),
  };
}

/** The provider with its issuer; null where the stack has none. */
export function oidcOf({ config: { oidc }, tenantId }: Site) {
  return oidc === undefined ? null : { ...oidc, issuer: oidc.issuer ?? issuerOf(tenantId) };
}

const issuerOf = (tenantId: Site['tenantId']) => output(tenantId).apply(entraIssuer);

/** What is told of identities. */
export function identityOutputs<Name extends string>(
  identities: Readonly<Record<Name, Identity>>,
  { database }: DataServices,
) {
  const told = ({ name, clientId, principalId }: Identity) => ({
    name,
    clientId,
    principalId,
    databaseUrl: databaseUrl({ ...database, user: name }),
  });
  const entries = Object.entries<Identity>(identities).map(([name, identity]) => [name, told(identity)]);
  return Object.fromEntries(entries) as Record<Name, ReturnType<typeof told>>;
}
