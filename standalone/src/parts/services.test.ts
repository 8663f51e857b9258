import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DetectorPoolResource } from '@verdict/contracts';
import { checkout, StandaloneConfig } from '../config.ts';
import { help } from '../help.ts';
import { loadSecrets } from '../secrets.ts';
import * as services from './services.ts';
import { gatewayUrl, type Settings } from './settings.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict services #1 '));
});
after(() => rm(root, { recursive: true }));

async function settings(environment: Record<string, string> = {}): Promise<Settings> {
  const folder = (name: string) => path.join(root, name);
  return {
    config: StandaloneConfig.parse(environment),
    secrets: await loadSecrets(root, undefined),
    folders: {
      postgres: folder('postgres'),
      hubs: folder('hubs'),
      blobs: folder('blobs'),
      logs: folder('logs'),
    },
    ports: { postgres: 5001, hubs: 5002 },
  };
}
const pool = (name: string) =>
  DetectorPoolResource.parse({
    apiVersion: 'verdict.dev/v1alpha1',
    kind: 'DetectorPool',
    metadata: { name },
    spec: { model: name, consumerGroup: `${name}-group` },
  });
const job = { namespace: 'default', model: 'shop', triggerId: 'history-1', attempt: 2, mostAttempts: 3 };

test('every part is a file of the checkout', async () => {
  const all = await settings();
  const parts = [
    services.hubs(all, []),
    services.gateway(all),
    services.detector(all, pool('shop'), 0),
    services.feedback(all),
    services.trainingJob(all, job),
    ...services.producers(all),
  ];
  assert.equal(parts.length, 7);
  assert.equal(new Set(parts.map(({ name }) => name)).size, 7);
  for (const { script } of parts) assert.ok(existsSync(script), script);
});

test('the event hubs have a consumer group for each pool and the retrainer', async () => {
  const { env } = services.hubs(await settings({ VERDICT_DATA_PARTITIONS: '4' }), [
    pool('shop'),
    pool('host'),
  ]);
  assert.equal(env.VERDICT_EMULATOR_CONSUMER_GROUPS, 'shop-group,host-group,retrainer');
  assert.equal(env.VERDICT_EMULATOR_HUBS, 'data:4,feedback:4');
});

test('a data folder with blanks and signs in its name reaches the services as it is', async () => {
  const { env } = services.gateway(await settings());
  assert.equal(fileURLToPath(env.VERDICT_BLOBS_URL ?? ''), path.join(root, 'blobs'));
});

test('a job is told its trigger and which attempt it is', async () => {
  const { env } = services.trainingJob(await settings(), job);
  assert.equal(env.VERDICT_TRIGGER_ID, 'history-1');
  assert.equal(env.VERDICT_ATTEMPT, '2');
  assert.equal(env.VERDICT_MOST_ATTEMPTS, '3');
});

test('producers can be switched off, each for itself', async () => {
  const names = async (environment: Record<string, string>) =>
    services.producers(await settings(environment)).map(({ name }) => name);
  assert.deepEqual(await names({}), ['host-metrics', 'shop']);
  assert.deepEqual(await names({ VERDICT_DEMO: 'off' }), ['host-metrics']);
  assert.deepEqual(await names({ VERDICT_DEMO: 'off', VERDICT_HOST_METRICS: 'off' }), []);
});

test('our own processes reach a gateway that listens everywhere through this computer', async () => {
  assert.equal(gatewayUrl(await settings({ VERDICT_HOST: '0.0.0.0' })), 'http://127.0.0.1:8080');
  assert.equal(gatewayUrl(await settings({ VERDICT_HOST: '::1', VERDICT_PORT: '81' })), 'http://[::1]:81');
});

test('limits of answers reach the gateway as they are given, and are its own defaults otherwise', async () => {
  const given = { VERDICT_FLOOD_PER_MINUTE: '90', VERDICT_ANSWERS_PER_HOUR: '200' };
  const { env } = services.gateway(await settings(given));
  assert.deepEqual([env.VERDICT_FLOOD_PER_MINUTE, env.VERDICT_ANSWERS_PER_HOUR], ['90', '200']);
  assert.equal('VERDICT_FLOOD_FACTOR' in env, false);
});

test('the identity provider and limits of requests reach the gateway as they are given', async () => {
  const given = {
    VERDICT_OIDC_ISSUER: 'https://login.example.org',
    VERDICT_OIDC_CLIENT_ID: 'dashboard',
    VERDICT_OIDC_ROLES: '[{"claim":"roles","value":"Verdict.Admin","roles":["admin"]}]',
    VERDICT_OIDC_LABEL: 'Example Org',
    VERDICT_REQUESTS_PER_MINUTE: '500',
    VERDICT_CALLER_REQUESTS_PER_MINUTE: '400',
    VERDICT_INGEST_REQUESTS_PER_MINUTE: '300',
    VERDICT_CORS_ORIGINS: 'https://example.org',
  };
  const { env } = services.gateway(await settings({ ...given, VERDICT_PUBLIC_URL: 'https://verdict.home' }));
  for (const [name, value] of Object.entries(given)) assert.equal(env[name], value, name);
  assert.equal(env.VERDICT_PUBLIC_URL, 'https://verdict.home');
  const other = services.detector(await settings(given), pool('shop'), 0).env;
  assert.deepEqual(
    Object.keys(other).filter((name) => name in given),
    [],
  );
});

test('every setting of the identity provider and of requests that the gateway has can be given, and stands in the help', async () => {
  const gatewaySource = await Promise.all(
    ['auth/oidc/oidc-config.ts', 'limits/edge-environment.ts'].map((file) =>
      readFile(path.join(checkout, 'services/gateway/src', file), 'utf8'),
    ),
  );
  const known = new Set(
    gatewaySource
      .join('')
      .match(/^ {2}VERDICT_\w+(?=:)/gm)
      ?.map((name) => name.trim()),
  );
  assert.ok(known.size >= 15);
  for (const name of known) {
    assert.ok(name in StandaloneConfig.shape, `${name} cannot be given`);
    assert.ok(help.includes(name), `${name} is not in the help`);
  }
});
