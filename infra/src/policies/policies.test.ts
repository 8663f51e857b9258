import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Graph, runGraph } from '../testing/mock-graph.fixture.ts';
import { stacks } from '../testing/stacks.fixture.ts';
import { captureRoles, kubernetesRoles, principals } from '../testing/wanted.fixture.ts';
import { firewalled, noPublicData } from './closed-doors.ts';
import { diagnosticsOn } from './diagnostics-on.ts';
import { federatedSubjects } from './federated-subjects.ts';
import { noPublicDatabase } from './no-public-database.ts';
import { noSharedKeys } from './no-shared-keys.ts';
import type { Policy, Registered } from './policy.ts';
import { tagged } from './tagged.ts';
import { tls } from './tls.ts';
import { wantedRoles } from './wanted-roles.ts';

const { prod, apps } = stacks();
let cluster: Graph;
let webApps: Graph;
before(async () => {
  cluster = await runGraph('prod', prod);
  webApps = await runGraph('apps', apps);
});

/** The graph with one resource changed at a path, or left out. */
function broken(graph: Graph, name: string, path: string | null, value?: unknown): Registered[] {
  const resources = structuredClone(graph.resources) as Registered[];
  const found = resources.find((resource) => resource.name === name);
  assert.ok(found, name);
  if (path === null) return resources.filter((resource) => resource !== found);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = found.inputs;
  for (const key of keys) at = at[key];
  at[last] = value;
  return resources;
}

const addition = (type: string, inputs: Registered['inputs']): Registered => ({
  type: `azure-native:${type}`,
  name: 'another',
  id: 'id:another',
  inputs,
});

const roles = wantedRoles([...kubernetesRoles, ...captureRoles], principals(prod.administrators.objectId));

type Case = readonly [string, Policy, name: string, path: string | null, value?: unknown];
const ofCluster: Case[] = [
  [
    'a database with a public address',
    noPublicDatabase,
    'database',
    'network.publicNetworkAccess',
    'Enabled',
  ],
  ['a database without a private endpoint', noPublicDatabase, 'database-endpoint', null],
  ['hubs with TLS 1.1', tls, 'hubs', 'minimumTlsVersion', '1.1'],
  ['storage with TLS 1.0', tls, 'storage', 'minimumTlsVersion', 'TLS1_0'],
  ['storage by plain HTTP', tls, 'storage', 'enableHttpsTrafficOnly', false],
  ['a database with TLS 1.1', tls, 'database-ssl-min-protocol-version', 'value', 'TLSv1.1'],
  ['a database without TLS', tls, 'database-require-secure-transport', null],
  ['storage with shared keys', noSharedKeys, 'storage', 'allowSharedKeyAccess', true],
  ['storage that says nothing of shared keys', noSharedKeys, 'storage', 'allowSharedKeyAccess', undefined],
  ['storage for strangers', noSharedKeys, 'storage', 'allowBlobPublicAccess', true],
  ['hubs with keys', noSharedKeys, 'hubs', 'disableLocalAuth', false],
  ['a database with passwords', noSharedKeys, 'database', 'authConfig.passwordAuth', 'Enabled'],
  ['a registry with an administrator', noSharedKeys, 'registry', 'adminUserEnabled', true],
  ['a vault with access policies', noSharedKeys, 'vault', 'properties.enableRbacAuthorization', false],
  ['a cluster with local accounts', noSharedKeys, 'cluster', 'disableLocalAccounts', false],
  [
    'a tag with a connection string',
    noSharedKeys,
    'group',
    'tags.hubs',
    'Endpoint=sb://x/;SharedAccessKey=abc',
  ],
  ['a URL with a password', noSharedKeys, 'group', 'tags.url', 'postgresql://user:secret@host/verdict'],
  ['a vault without diagnostics', diagnosticsOn, 'vault-diagnostics', null],
  ['diagnostics that are off', diagnosticsOn, 'storage-diagnostics', 'metrics', [{ enabled: false }]],
  ['diagnostics that go elsewhere', diagnosticsOn, 'hubs-diagnostics', 'workspaceId', 'id:else'],
  [
    'a detector that may send',
    roles,
    'detector-azure-event-hubs-data-receiver-data-hub',
    'roleDefinitionId',
    '2b629674-e913-4c01-ae53-ef4638d8f975',
  ],
  [
    'a role for the whole namespace of hubs',
    roles,
    'detector-azure-event-hubs-data-receiver-data-hub',
    'scope',
    'id:hubs',
  ],
  ['a role for somebody unknown', roles, 'kubelet-acrpull-registry', 'principalId', 'somebody'],
  ['a role that is not there', roles, 'kubelet-acrpull-registry', null],
  ['a resource group without its owner', tagged, 'group', 'tags.owner', ''],
  ['storage that lets everybody in', firewalled, 'storage', 'networkRuleSet.defaultAction', 'Allow'],
  ['hubs that let everybody in', firewalled, 'hubs-firewall', 'defaultAction', 'Allow'],
  ['a vault that lets everybody in', firewalled, 'vault', 'properties.networkAcls.defaultAction', 'Allow'],
  ['a vault with a public address', noPublicData, 'vault', 'properties.publicNetworkAccess', 'Enabled'],
  ['storage with a public address', noPublicData, 'storage', 'publicNetworkAccess', 'Enabled'],
];
for (const [what, policy, name, path, value] of ofCluster)
  test(`${what} is found`, () => {
    assert.equal(policy(cluster.resources).length, 0);
    assert.equal(policy(broken(cluster, name, path, value)).length > 0, true);
  });

const ofApps: Case[] = [
  ['a web app by plain HTTP', tls, 'app-gateway', 'httpsOnly', false],
  ['a web app with TLS 1.0', tls, 'app-workers', 'siteConfig.minTlsVersion', '1.0'],
  ['a password for publishing', noSharedKeys, 'app-gateway-scm', 'allow', true],
  ['a web app without diagnostics', diagnosticsOn, 'app-workers-diagnostics', null],
];
for (const [what, policy, name, path, value] of ofApps)
  test(`${what} is found`, () => {
    assert.equal(policy(webApps.resources).length, 0);
    assert.equal(policy(broken(webApps, name, path, value)).length, 1);
  });

const additions: [string, Policy, Registered][] = [
  ['a hole in the database’s firewall', noPublicDatabase, addition('dbforpostgresql:FirewallRule', {})],
  ['a key of the hubs', noSharedKeys, addition('eventhub:NamespaceAuthorizationRule', {})],
  ['a type that nobody sorted', diagnosticsOn, addition('cache:Redis', {})],
  [
    'one role too many',
    roles,
    addition('authorization:RoleAssignment', {
      principalId: prod.administrators.objectId,
      roleDefinitionId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      scope: 'id:group',
    }),
  ],
];
for (const [what, policy, resource] of additions)
  test(`${what} is found`, () => {
    assert.equal(policy([...cluster.resources, resource]).length, 1);
  });

test('an identity that is given to another service account, or by another issuer, is found', () => {
  const issuer = 'https://westeurope.oic.example/tenant/cluster/';
  const wanted = ['gateway', 'retrainer', 'detector', 'training'].map(
    (process) => `verdict-prod-${process}: system:serviceaccount:verdict:verdict-${process}`,
  );
  const policy = federatedSubjects(wanted, issuer);
  assert.deepEqual(policy(cluster.resources), []);
  const subject = 'system:serviceaccount:verdict:default';
  assert.deepEqual(policy(broken(cluster, 'gateway-verdict', 'subject', subject)), [
    `not wanted: verdict-prod-gateway: ${subject}`,
    `missing: ${wanted[0]}`,
  ]);
  assert.equal(policy(broken(cluster, 'training-verdict', 'issuer', 'https://else.example/')).length, 1);
  assert.equal(policy(broken(cluster, 'training-verdict', 'audiences', ['verdict'])).length, 1);
});
