import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseConfig } from '@verdict/process';
import { DetectorConfig } from './config.ts';

const needed = {
  VERDICT_DATABASE_URL: 'postgres://verdict@127.0.0.1/verdict',
  VERDICT_EVENT_HUBS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1',
  VERDICT_BLOBS_URL: 'file:///blobs',
  VERDICT_GATEWAY_URL: 'http://127.0.0.1:8080',
  VERDICT_POOL: 'shop',
};
const token = { VERDICT_SERVICE_TOKEN_FILE: '/var/run/secrets/verdict/token' };
const user = { VERDICT_SERVICE_USER: 'detector', VERDICT_SERVICE_PASSWORD_FILE: '/password' };

const problems = (environment: Record<string, string>): string => {
  try {
    parseConfig(DetectorConfig, { ...needed, ...environment });
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};

test('a detector comes with a token file, or with a user and its password', () => {
  assert.equal(problems(token), '');
  assert.equal(problems(user), '');
});

test('neither, both or half of a pair is refused with the name of what is wrong', () => {
  assert.match(problems({}), /VERDICT_SERVICE_USER is not set.*VERDICT_SERVICE_TOKEN_FILE/);
  assert.match(problems({}), /VERDICT_SERVICE_PASSWORD_FILE is not set/);
  assert.match(problems({ ...token, ...user }), /VERDICT_SERVICE_USER: must not be set together/);
  assert.match(
    problems({ VERDICT_POOL: '', ...user, ...token }),
    /VERDICT_POOL is not set.*must not be set/s,
  );
  assert.match(problems({ VERDICT_SERVICE_USER: 'detector' }), /VERDICT_SERVICE_PASSWORD_FILE is not set/);
});

test('the time for a handover is given in seconds', () => {
  const read = (seconds: string) =>
    parseConfig(DetectorConfig, { ...needed, ...token, VERDICT_DRAIN_SECONDS: seconds });
  assert.equal(read('45').VERDICT_DRAIN_SECONDS, 45);
  assert.match(problems({ ...token, VERDICT_DRAIN_SECONDS: '0' }), /VERDICT_DRAIN_SECONDS/);
});

const azure = {
  VERDICT_DATABASE_URL: 'postgres://verdict@shop.postgres.database.azure.com/verdict?sslmode=verify-full',
  VERDICT_DATABASE_AUTH: 'entra',
  VERDICT_EVENT_HUBS_CONNECTION_STRING: '',
  VERDICT_EVENT_HUBS_NAMESPACE: 'shop.servicebus.windows.net',
  VERDICT_BLOBS_URL: 'https://shop.blob.core.windows.net/verdict',
};

test('with an identity of Azure a detector needs no connection string and no password', () => {
  assert.equal(problems({ ...token, ...azure }), '');
});

test('the hubs are named in exactly one way, and a password and an identity are not mixed', () => {
  const { VERDICT_EVENT_HUBS_NAMESPACE } = azure;
  assert.match(problems({ ...token, VERDICT_EVENT_HUBS_NAMESPACE }), /NAMESPACE: must not be set together/);
  assert.match(
    problems({ VERDICT_EVENT_HUBS_CONNECTION_STRING: '' }),
    /CONNECTION_STRING is not set \(needed, or VERDICT_EVENT_HUBS_NAMESPACE.*VERDICT_SERVICE_USER/s,
  );
  const VERDICT_DATABASE_URL = 'postgres://verdict:word@127.0.0.1/verdict';
  assert.match(problems({ ...token, ...azure, VERDICT_DATABASE_URL }), /must have no password with .*=entra/);
});
