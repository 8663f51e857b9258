import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import type { StackConfig } from './config/stack-config.ts';
import { firewalled, noPublicData } from './policies/closed-doors.ts';
import { diagnosticsOn } from './policies/diagnostics-on.ts';
import { federatedSubjects } from './policies/federated-subjects.ts';
import { noPublicDatabase } from './policies/no-public-database.ts';
import { noSharedKeys } from './policies/no-shared-keys.ts';
import { ofType } from './policies/policy.ts';
import { tagged } from './policies/tagged.ts';
import { tls } from './policies/tls.ts';
import { wantedRoles } from './policies/wanted-roles.ts';
import { renderedServiceAccounts } from './testing/chart.fixture.ts';
import { type Graph, runGraph } from './testing/mock-graph.fixture.ts';
import { stacks } from './testing/stacks.fixture.ts';
import { captureRoles, kubernetesRoles, principals, webAppsRoles } from './testing/wanted.fixture.ts';

const issuer = 'https://westeurope.oic.example/tenant/cluster/';
const names = ['dev', 'prod', 'full', 'apps'] as const;
const configs: Record<(typeof names)[number], StackConfig> = stacks();

for (const stack of names)
  describe(`the stack ${stack}`, () => {
    const config = configs[stack];
    let graph: Graph;
    before(async () => {
      graph = await runGraph(stack, config);
    });
    const holds = (title: string, policy: Parameters<typeof check>[0]) => test(title, () => check(policy));
    const check = (policy: (resources: Graph['resources']) => string[]) =>
      assert.deepEqual(policy(graph.resources), []);

    holds('has no database that the world can reach', noPublicDatabase);
    holds('wants TLS 1.2 everywhere', tls);
    holds('has no keys and no passwords', noSharedKeys);
    holds('sends the diagnostics of everything that has some', diagnosticsOn);
    holds('tags all that costs', tagged);
    holds('lets nobody through a firewall by default', firewalled);
    if (config.privateEndpoints) holds('has no public address for data', noPublicData);
    holds(
      'gives exactly the roles that are wanted',
      wantedRoles(
        [
          ...(config.hosting === 'kubernetes' ? kubernetesRoles : webAppsRoles),
          ...(config.eventHubs.capture ? captureRoles : []),
        ],
        principals(config.administrators.objectId),
      ),
    );

    test('asks Azure for no keys', () => {
      assert.deepEqual(new Set(graph.calls), new Set(['azure-native:authorization:getClientConfig']));
    });

    test('has a budget that tells somebody', () => {
      const [budget] = ofType(graph.resources, 'consumption:Budget');
      assert.deepEqual(Object.values(budget?.inputs.notifications ?? {}).length, 4);
      assert.equal(budget?.inputs.scope, 'id:group');
    });

    test('has the hubs, with a consumer group for each pool and one for the retrainer', () => {
      const groups = ofType(graph.resources, 'eventhub:ConsumerGroup').map(
        ({ inputs }) => `${inputs.eventHubName}/${inputs.consumerGroupName}`,
      );
      const pools = config.eventHubs.consumerGroups.map((group) => `data/${group}`);
      assert.deepEqual(groups.sort(), [...pools, 'feedback/retrainer'].sort());
    });
  });

test('service accounts of the chart, and nobody else, are given the identities', async () => {
  const { resources } = await runGraph('full', configs.full);
  // The operator speaks to Kubernetes and the gateway alone; the other one guards an uninstallation.
  const without = ['verdict-operator', 'verdict-uninstall'];
  const identityOf: Record<string, string> = {
    'verdict-gateway': 'verdict-full-gateway',
    'verdict-retrainer': 'verdict-full-retrainer',
    'verdict-detector': 'verdict-full-detector',
    'verdict-training': 'verdict-full-training',
  };
  const wanted = renderedServiceAccounts()
    .filter(({ name }) => !without.includes(name))
    .map(({ namespace, name }) => `${identityOf[name]}: system:serviceaccount:${namespace}:${name}`);
  assert.equal(wanted.length, 6);
  assert.deepEqual(federatedSubjects(wanted, issuer)(resources), []);
});

test('the cluster is what the chart needs', async () => {
  const { resources } = await runGraph('prod', configs.prod);
  const [cluster] = ofType(resources, 'containerservice:ManagedCluster');
  const inputs = cluster?.inputs ?? {};
  assert.equal(inputs.oidcIssuerProfile.enabled, true);
  assert.equal(inputs.securityProfile.workloadIdentity.enabled, true);
  assert.equal(inputs.addonProfiles.azureKeyvaultSecretsProvider.enabled, true);
  assert.equal(inputs.azureMonitorProfile.metrics.enabled, true);
  assert.equal(inputs.workloadAutoScalerProfile.keda.enabled, true);
  for (const pool of inputs.agentPoolProfiles) assert.deepEqual(pool.availabilityZones, ['1', '2', '3']);
  assert.deepEqual(ofType(resources, 'dashboard:Grafana').length, 1);
});

test('captured events go where the hubs’ own identity may write, and nowhere else', async () => {
  const { resources } = await runGraph('prod', configs.prod);
  const data = ofType(resources, 'eventhub:EventHub').find(({ name }) => name === 'data');
  const { destination, enabled } = data?.inputs.captureDescription ?? {};
  assert.equal(enabled, true);
  assert.equal(destination.blobContainer, 'capture');
  assert.deepEqual(destination.identity, {
    type: 'UserAssigned',
    userAssignedIdentity: 'id:capture-identity',
  });
  const feedback = ofType(resources, 'eventhub:EventHub').find(({ name }) => name === 'feedback');
  assert.equal(feedback?.inputs.captureDescription, undefined);
});

test('web apps keep WebSockets open, and get secrets as references to the vault', async () => {
  const { resources } = await runGraph('apps', configs.apps);
  const apps = ofType(resources, 'web:WebApp');
  assert.deepEqual(apps.map(({ name }) => name).sort(), ['app-front-end', 'app-gateway', 'app-workers']);
  for (const { name, inputs } of apps) {
    assert.equal(inputs.siteConfig.webSocketsEnabled, true, name);
    assert.equal(inputs.publicNetworkAccess, name === 'app-workers' ? 'Disabled' : 'Enabled', name);
    const settings = inputs.siteConfig.appSettings as { name: string; value: string }[];
    for (const setting of settings.filter((one) => /KEY|PASSWORD|SECRET/.test(one.name)))
      assert.match(
        setting.value,
        /^@Microsoft\.KeyVault\(SecretUri=https:\/\/verdict-apps-k7q2\.vault\.azure\.net\/secrets\/[a-z-]+\)$/,
      );
  }
});

test('web apps send people to the provider and back to themselves, as their own identity; workers run once', async () => {
  const { resources } = await runGraph('apps', configs.apps);
  const settingsOf = (name: string) => {
    const app = ofType(resources, 'web:WebApp').find((one) => one.name === name);
    const settings = app?.inputs.siteConfig.appSettings as { name: string; value: string }[];
    return { app, told: Object.fromEntries(settings.map((setting) => [setting.name, setting.value])) };
  };
  for (const name of ['gateway', 'front-end']) {
    const { app, told } = settingsOf(`app-${name}`);
    assert.equal(app?.inputs.siteConfig.numberOfWorkers, 2);
    assert.equal(told.VERDICT_OIDC_ISSUER, 'https://id.example.com');
    assert.equal(told.VERDICT_PUBLIC_URL, `https://verdict-apps-k7q2-${name}.azurewebsites.net`);
    assert.equal(told.VERDICT_OIDC_CLIENT_IDENTITY, 'azure');
    assert.equal(told.VERDICT_OIDC_LABEL, 'Example');
    assert.equal(JSON.parse(told.VERDICT_OIDC_ROLES ?? '').length, 1);
  }
  const { app, told } = settingsOf('app-workers');
  assert.equal(app?.inputs.siteConfig.numberOfWorkers, 1);
  assert.deepEqual(
    Object.keys(told).filter((name) => name.includes('OIDC')),
    [],
  );
});

test('web apps are told nothing but what their processes read', async () => {
  const { resources } = await runGraph('apps', configs.apps);
  const gateway = ['config.ts', 'auth/given-secrets.ts', 'auth/oidc/oidc-config.ts'].map(
    (file) => `services/gateway/src/${file}`,
  );
  const read = (files: string[]) =>
    files.map((file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')).join('');
  const known: Record<string, string> = {
    'app-gateway': read(gateway),
    'app-front-end': read(gateway),
    'app-workers': read(['standalone/src/workers/config.ts']),
  };
  for (const { name, inputs } of ofType(resources, 'web:WebApp')) {
    const told = (inputs.siteConfig.appSettings as { name: string }[]).map((setting) => setting.name);
    const unknown = told.filter((one) => one.startsWith('VERDICT_') && !known[name]?.includes(`${one}:`));
    assert.deepEqual(unknown, [], name);
  }
});
