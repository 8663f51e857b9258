import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseConfig } from '@verdict/process';
import { GatewayConfig } from './config.ts';

const azure = {
  VERDICT_DATABASE_URL: 'postgres://verdict@shop.postgres.database.azure.com/verdict?sslmode=verify-full',
  VERDICT_DATABASE_AUTH: 'entra',
  VERDICT_EVENT_HUBS_NAMESPACE: 'shop.servicebus.windows.net',
  VERDICT_BLOBS_URL: 'https://shop.blob.core.windows.net/verdict',
  VERDICT_SIGNING_KEY_FILE: '/key',
};
const problems = (environment: Record<string, string>): string => {
  try {
    parseConfig(GatewayConfig, environment);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};

test('with an identity of Azure the gateway needs no connection string and no password', () => {
  assert.equal(problems(azure), '');
});

test('two ways to the hubs, none, and a password beside an identity are told with everything else', () => {
  const { VERDICT_EVENT_HUBS_NAMESPACE: _, ...none } = azure;
  assert.match(problems(none), /VERDICT_EVENT_HUBS_CONNECTION_STRING is not set \(needed, or/);
  const said = problems({
    ...azure,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1',
    VERDICT_DATABASE_URL: 'postgres://verdict:word@127.0.0.1/verdict',
    VERDICT_PORT: 'x',
  });
  assert.match(said, /VERDICT_PORT/);
  assert.match(said, /VERDICT_EVENT_HUBS_NAMESPACE: must not be set together/);
  assert.match(said, /VERDICT_DATABASE_URL: must have no password/);
  assert.doesNotMatch(said, /word@/);
});

test('the signing key and the password of our processes can be values, but no reference that nobody followed', () => {
  const { VERDICT_SIGNING_KEY_FILE: _, ...keyless } = azure;
  assert.match(problems(keyless), /VERDICT_SIGNING_KEY_FILE is not set \(needed, or VERDICT_SIGNING_KEY\)/);
  assert.equal(problems({ ...keyless, VERDICT_SIGNING_KEY: '{}', VERDICT_SERVICE_PASSWORD: 'word' }), '');
  assert.match(problems({ ...azure, VERDICT_SIGNING_KEY: '{}' }), /VERDICT_SIGNING_KEY: .*one of them/);
  const reference = '@Microsoft.KeyVault(SecretUri=https://vault.vault.azure.net/secrets/service-password)';
  assert.match(
    problems({ ...azure, VERDICT_SERVICE_PASSWORD: reference }),
    /VERDICT_SERVICE_PASSWORD: App Service could not fetch it/,
  );
});

test('a registration at the identity provider is proven in one way', () => {
  const oidc = {
    ...azure,
    VERDICT_OIDC_ISSUER: 'https://id.example.org',
    VERDICT_OIDC_CLIENT_ID: 'dashboard',
    VERDICT_OIDC_ROLES: '[{"claim":"roles","value":"Verdict.Admin","roles":["admin"]}]',
    VERDICT_PUBLIC_URL: 'https://verdict.example.org',
    VERDICT_OIDC_CLIENT_IDENTITY: 'azure',
  };
  assert.equal(problems(oidc), '');
  assert.match(
    problems({ ...oidc, VERDICT_OIDC_CLIENT_SECRET_FILE: '/secret' }),
    /VERDICT_OIDC_CLIENT_IDENTITY: and VERDICT_OIDC_CLIENT_SECRET_FILE: one of them/,
  );
  assert.match(problems({ ...azure, VERDICT_OIDC_CLIENT_IDENTITY: 'azure' }), /means nothing without/);
});
