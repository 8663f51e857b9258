import { type Input, interpolate, type Output } from '@pulumi/pulumi';
import type { DataServices } from '../data/create-data-services.ts';
import { secretNames } from '../data/key-vault.ts';
import { databaseUrl } from '../database-url.ts';
import type { Identity } from '../identity/create-identity.ts';

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
