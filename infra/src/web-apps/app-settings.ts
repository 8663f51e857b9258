import { type Input, interpolate, type Output } from '@pulumi/pulumi';
import type { DataServices } from '../data/create-data-services.ts';
import { secretNames } from '../data/key-vault.ts';
import { databaseUrl } from '../database-url.ts';
import type { Identity } from '../identity/create-identity.ts';
import { oidcOf } from '../outputs/common-outputs.ts';
import type { Site } from '../site.ts';

/** Environment of a web app. */
export type AppSettings = Readonly<Record<string, Input<string>>>;

/** What all processes are told: where Azure's parts are, and as whom to come. No keys: there are none. */
export function azureSettings(identity: Identity, services: DataServices): AppSettings {
  const { hubs, storage, database } = services;
  return {
    WEBSITES_PORT: '8080',
    AZURE_CLIENT_ID: identity.clientId,
    VERDICT_DATABASE_URL: databaseUrl({ ...database, user: identity.name }),
    VERDICT_DATABASE_AUTH: 'entra',
    VERDICT_EVENT_HUBS_NAMESPACE: hubs.host,
    VERDICT_BLOBS_URL: storage.url,
  };
}

/** App Service puts the secret in its place, as the app's identity. */
export function vaultReference({ vault }: DataServices, secret: keyof typeof secretNames): Output<string> {
  return interpolate`@Microsoft.KeyVault(SecretUri=${vault.url}/secrets/${secretNames[secret]})`;
}

/**
 * The provider, for a gateway whose dashboard people reach at `publicUrl`; nothing where the stack has none. The
 * gateway proves to be the registration with tokens of its own identity: a federated credential, no secret.
 */
export function oidcSettings(site: Site, publicUrl: string): AppSettings {
  const oidc = oidcOf(site);
  if (oidc === null) return {};
  const { issuer, clientId, audience, roles, label } = oidc;
  return {
    VERDICT_OIDC_ISSUER: issuer,
    VERDICT_OIDC_ROLES: JSON.stringify(roles),
    ...(audience !== undefined && { VERDICT_OIDC_AUDIENCE: audience }),
    ...(clientId !== undefined && {
      VERDICT_PUBLIC_URL: publicUrl,
      VERDICT_OIDC_CLIENT_ID: clientId,
      VERDICT_OIDC_CLIENT_IDENTITY: 'azure',
      VERDICT_OIDC_LABEL: label,
    }),
  };
}
