import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectorDeployment } from './detector-deployment.ts';
import { poolObject, settings } from './objects.fixture.ts';

const given = { ...poolObject(), version: 4, replicas: 3, settings };
const pod = (changed: Partial<typeof given> = {}) =>
  detectorDeployment({ ...given, ...changed }).spec?.template.spec;
const container = (changed: Partial<typeof given> = {}) => {
  const [only, ...more] = pod(changed)?.containers ?? [];
  assert.ok(only && more.length === 0);
  return only;
};
const environment = (changed: Partial<typeof given> = {}) =>
  Object.fromEntries(
    (container(changed).env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
  );

test('the Deployment of a version is named after it, belongs to the pool, and chooses its own pods alone', () => {
  const { metadata, spec } = detectorDeployment(given);
  assert.deepEqual([metadata.name, metadata.namespace, spec?.replicas], ['shop-v4', 'team-a', 3]);
  const [owner] = metadata.ownerReferences ?? [];
  assert.deepEqual([owner?.kind, owner?.uid, owner?.controller], ['DetectorPool', 'pool-uid', true]);
  const chosen = spec?.selector.matchLabels ?? {};
  assert.deepEqual(chosen, {
    'app.kubernetes.io/name': 'verdict-detector',
    'verdict.dev/pool': 'shop',
    'verdict.dev/version': '4',
  });
  for (const [key, value] of Object.entries(chosen))
    assert.equal(spec?.template.metadata?.labels?.[key], value);
  assert.equal(spec?.template.metadata?.labels?.['verdict.dev/model'], 'shop-model');
});

test('the same pool gives the same Deployment: nothing is applied that has not changed', () => {
  assert.deepEqual(detectorDeployment(given), detectorDeployment({ ...given, ...poolObject() }));
});

test('replicas are left out for whoever else writes them', () => {
  assert.ok(!('replicas' in (detectorDeployment({ ...given, replicas: null }).spec ?? {})));
});

test('a detector is told who it is, where everything is, and keeps to its version', () => {
  const told = environment();
  const expected = {
    VERDICT_NAMESPACE: 'team-a',
    VERDICT_POOL: 'shop',
    VERDICT_PINNED_VERSION: '4',
    VERDICT_GATEWAY_URL: settings.gatewayUrl,
    VERDICT_BLOBS_URL: settings.blobsUrl,
    VERDICT_DATA_HUB: 'data',
    VERDICT_DATABASE_URL: { secretKeyRef: { name: 'verdict-database', key: 'url' } },
    VERDICT_EVENT_HUBS_CONNECTION_STRING: { secretKeyRef: { name: 'verdict-hubs', key: 'connection' } },
    VERDICT_ADVERTISED_HOST: { fieldRef: { fieldPath: 'status.podIP' } },
    VERDICT_SERVICE_TOKEN_FILE: '/var/run/secrets/verdict/token',
    VERDICT_DRAIN_SECONDS: '30',
  };
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(told[name], value, name);
  assert.equal(container().ports?.[0]?.containerPort, Number(told.VERDICT_PORT));
});

test('with identities of Azure a detector needs no Secret', () => {
  const urlOf = (user: string) => `postgresql://${user}@shop.postgres.database.azure.com/verdict`;
  const databaseUrl = { detector: urlOf('detector'), training: urlOf('training') };
  const eventHubs = { namespace: 'shop.servicebus.windows.net', dataHub: 'data' };
  const told = environment({ settings: { ...settings, databaseUrl, eventHubs } });
  assert.equal(told.VERDICT_DATABASE_URL, databaseUrl.detector);
  assert.equal(told.VERDICT_DATABASE_AUTH, 'entra');
  assert.equal(told.VERDICT_EVENT_HUBS_NAMESPACE, eventHubs.namespace);
  assert.ok(!('VERDICT_EVENT_HUBS_CONNECTION_STRING' in told));
  assert.doesNotMatch(JSON.stringify(told), /secretKeyRef/);
});

test('a detector has a token for the gateway, and none for the API server', () => {
  const spec = pod();
  assert.equal(spec?.automountServiceAccountToken, false);
  assert.equal(spec?.serviceAccountName, 'verdict-detector');
  const sources = spec?.volumes?.flatMap(({ projected }) => projected?.sources ?? []);
  assert.deepEqual(
    sources?.map(({ serviceAccountToken }) => serviceAccountToken?.audience),
    ['verdict'],
  );
  const mount = container().volumeMounts?.find(({ name }) => name === 'gateway-token');
  assert.deepEqual([mount?.mountPath, mount?.readOnly], ['/var/run/secrets/verdict', true]);
});

test('a detector may be killed only after the time to drain', () => {
  const { owner, spec } = poolObject({ drainSeconds: 90 });
  assert.equal(pod({ owner, spec })?.terminationGracePeriodSeconds, 95);
  assert.equal(environment({ owner, spec }).VERDICT_DRAIN_SECONDS, '90');
});

test('no detector is taken away before its successor is ready', () => {
  const { strategy } = detectorDeployment(given).spec ?? {};
  assert.deepEqual(strategy?.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
});

test('resources are written as text, as the API server gives them back', () => {
  const resources = { requests: { cpu: 2, memory: '1Gi' }, limits: { memory: 2_000_000_000 } };
  assert.deepEqual(container(poolObject({ resources })).resources, {
    requests: { cpu: '2', memory: '1Gi' },
    limits: { memory: '2000000000' },
  });
});

test('detectors are spread over all versions of the pool, as it says', () => {
  const constraints = pod()?.topologySpreadConstraints ?? [];
  assert.deepEqual(
    constraints.map(({ topologyKey }) => topologyKey),
    ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'],
  );
  const { matchLabels = {} } = constraints[0]?.labelSelector ?? {};
  assert.ok(!('verdict.dev/version' in matchLabels) && matchLabels['verdict.dev/pool'] === 'shop');
  assert.deepEqual(pod(poolObject({ spread: { topologyKeys: [] } }))?.topologySpreadConstraints, []);
});

test('what the installation asks of all pods is on them', () => {
  const special = {
    ...settings,
    workloadIdentity: true,
    imagePullSecrets: ['registry'],
    volumes: [
      {
        volume: { name: 'blobs', persistentVolumeClaim: { claimName: 'blobs' } },
        mount: { name: 'blobs', mountPath: '/blobs' },
      },
    ],
    environment: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/ca.crt' }],
    placement: {
      ...settings.placement,
      detector: {
        nodeSelector: { pool: 'spot' },
        tolerations: [{ key: 'spot', operator: 'Exists' }],
        priorityClassName: 'important',
      },
    },
  };
  const spec = pod({ settings: special });
  assert.deepEqual(
    [spec?.imagePullSecrets, spec?.nodeSelector, spec?.priorityClassName, spec?.tolerations?.length],
    [[{ name: 'registry' }], { pool: 'spot' }, 'important', 1],
  );
  assert.ok(spec?.volumes?.some(({ name }) => name === 'blobs'));
  assert.ok(container({ settings: special }).volumeMounts?.some(({ mountPath }) => mountPath === '/blobs'));
  assert.equal(environment({ settings: special }).NODE_EXTRA_CA_CERTS, '/ca.crt');
  const labels = detectorDeployment({ ...given, settings: special }).spec?.template.metadata?.labels;
  assert.equal(labels?.['azure.workload.identity/use'], 'true');
});
