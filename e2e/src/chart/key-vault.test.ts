import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, renderedObjects } from './helm.ts';

const skip = helmMissing;

interface Volume {
  readonly csi?: { readonly volumeAttributes: { readonly secretProviderClass: string } };
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly spec: { readonly volumes?: readonly Volume[] } };
    readonly parameters?: { readonly clientID: string; readonly objects: string };
  };
}

const objects = (sets: readonly string[] = []) => renderedObjects<Rendered>('ci/key-vault.yaml', sets);

/** Names of the vault's classes that a Deployment of the chart mounts. */
function mountedBy(all: readonly Rendered[], name: string): string[] {
  const found = all.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
  const volumes = found?.spec?.template?.spec.volumes ?? [];
  return volumes.flatMap(({ csi }) => (csi ? [csi.volumeAttributes.secretProviderClass] : []));
}

/** What classes of this name give, over all namespaces. */
function givenBy(all: readonly Rendered[], name: string): string {
  const classes = all.filter(
    ({ kind, metadata }) => kind === 'SecretProviderClass' && metadata.name === name,
  );
  return classes.map(({ spec }) => spec?.parameters?.objects).join('\n');
}

const shared = 'verdict-key-vault';
const signing = 'verdict-signing-key-vault';

test('the gateway alone mounts the signing key of the vault, and nothing else gives it', { skip }, () => {
  const all = objects();
  assert.deepEqual(mountedBy(all, 'verdict-gateway'), [shared, signing]);
  assert.deepEqual(mountedBy(all, 'verdict-retrainer'), [shared]);
  assert.deepEqual(mountedBy(all, 'verdict-operator'), []);
  const settings =
    all.find(({ data }) => data?.['settings.json'] !== undefined)?.data?.['settings.json'] ?? '';
  assert.match(settings, new RegExp(`"${shared}"`));
  assert.doesNotMatch(settings, new RegExp(signing));
  assert.doesNotMatch(givenBy(all, shared), /signing-key/);
  assert.match(givenBy(all, shared), /database-url[\s\S]*event-hubs/);
  assert.match(givenBy(all, signing), /signing-key/);
  assert.doesNotMatch(givenBy(all, signing), /database-url|event-hubs/);
});

test('the gateway can come to the vault as an identity of its own', { skip }, () => {
  const all = objects(['keyVault.gatewayClientId=gateway-alone']);
  const ids = new Map(
    all
      .filter(({ kind }) => kind === 'SecretProviderClass')
      .map(({ metadata, spec }) => [metadata.name, spec?.parameters?.clientID]),
  );
  assert.equal(ids.get(signing), 'gateway-alone');
  assert.equal(ids.get(shared), '00000000-0000-0000-0000-000000000002');
});

test('where identities serve for database and hubs, only the gateway knows the vault', { skip }, () => {
  const all = objects([
    'database.secretName=',
    ...['gateway', 'retrainer', 'detector', 'training'].map(
      (name) => `database.urls.${name}=postgresql://${name}@db.example/verdict?sslmode=verify-full`,
    ),
    'eventHubs.secretName=',
    'eventHubs.namespace=hubs.servicebus.windows.net',
  ]);
  assert.equal(givenBy(all, shared), '');
  assert.deepEqual(mountedBy(all, 'verdict-gateway'), [signing]);
  assert.deepEqual(mountedBy(all, 'verdict-retrainer'), []);
});
