import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { chart, helmMissing, render, root } from './helm.ts';

/** With VERDICT_UPDATE_GOLDEN=1 what is rendered now becomes what is expected; look at the difference. */
const update = process.env.VERDICT_UPDATE_GOLDEN === '1';
const skip = helmMissing;
const trial = 'ci/embedded.yaml';

/** What the chart makes up anew where there is nothing in the cluster yet. */
function withoutSecrets(text: string): string {
  return text
    .replace(/^( +(?:password|databaseUrl|connectionString|blobsKey|blobs): ).*$/gm, '$1(made up)')
    .replace(/^( +key: )[A-Za-z0-9+/=]{40,}$/gm, '$1(made up)');
}

/** Helm takes files from the chart's own folder alone. */
const copied = [
  ['CRDs', 'crds', 'crds'],
  ['alert rules', 'manifests/alerts', 'alerts'],
  ['dashboards', 'manifests/grafana', 'dashboards'],
] as const;
for (const [what, from, to] of copied)
  test(`the chart has the ${what} as they are written`, () => {
    const folder = path.join(root, from);
    const names = readdirSync(folder).filter((name) => /\.(yaml|json)$/.test(name));
    const copies = path.join(chart, 'files', to);
    if (update) {
      mkdirSync(copies, { recursive: true });
      for (const name of names) copyFileSync(path.join(folder, name), path.join(copies, name));
    }
    assert.deepEqual(readdirSync(copies).sort(), names.sort());
    for (const name of names) {
      const same = readFileSync(path.join(folder, name)).equals(readFileSync(path.join(copies, name)));
      assert.ok(same, `${name} differs: run this test with VERDICT_UPDATE_GOLDEN=1`);
    }
  });

test('CRDs are installed so that they outlive the release', { skip }, () => {
  const { text } = render({ files: [trial] });
  const crds = text.split(/^---$/m).filter((object) => object.includes('kind: CustomResourceDefinition'));
  assert.equal(crds.length, 2);
  for (const crd of crds) assert.match(crd, /helm\.sh\/resource-policy: keep/);
  assert.doesNotMatch(render({ files: [trial], sets: ['crds.install=false'] }).text, /kind: CustomResource/);
});

for (const name of readdirSync(path.join(chart, 'ci')).filter((file) => file.endsWith('.yaml')))
  test(`the chart with ci/${name} renders what golden/${name} holds`, { skip }, () => {
    const { text, problem } = render({ files: [`ci/${name}`], sets: ['crds.install=false'] });
    assert.equal(problem, undefined);
    const golden = path.join(chart, 'golden', name);
    const rendered = withoutSecrets(text);
    if (update || !existsSync(golden)) writeFileSync(golden, rendered);
    assert.equal(rendered, readFileSync(golden, 'utf8'), 'run with VERDICT_UPDATE_GOLDEN=1 if this is meant');
  });

test('nobody gets all of anything, secrets of others, or a token by automount', { skip }, () => {
  for (const name of readdirSync(path.join(chart, 'ci'))) {
    const { text } = render({ files: [`ci/${name}`] });
    const roles = text.split(/^---$/m).filter((object) => /^kind: (Cluster)?Role$/m.test(object));
    assert.ok(roles.length > 0);
    for (const role of roles) {
      assert.doesNotMatch(role, /\*/);
      assert.doesNotMatch(role, /resources: .*secrets/);
    }
    assert.doesNotMatch(text, /automountServiceAccountToken: true/);
    const containers = text.match(/imagePullPolicy:/g)?.length ?? 0;
    assert.equal(text.match(/readOnlyRootFilesystem: true/g)?.length, containers);
    assert.equal(text.match(/allowPrivilegeEscalation: false/g)?.length, containers);
  }
});

test('values that cannot work are refused, and what is wrong is named', { skip }, () => {
  const bad: [string[], RegExp][] = [
    [['embeded.enabled=true'], /additional properties 'embeded' not allowed/],
    [['gateway.replicas=0'], /gateway\/replicas/],
    [['gateway.service.type=External'], /gateway\/service\/type/],
    [['cluster.issuer=verdict'], /cluster\/issuer/],
    [['cluster.jwksUrl=http://keys.example'], /cluster\/jwksUrl/],
    [['cluster.accounts[0].namespace=*'], /cluster\/accounts\/0\/namespace/],
    [['blobs.url=/blobs'], /blobs\/url/],
    [
      ['embedded.enabled=false', 'database.secretName=db', 'eventHubs.secretName=hubs'],
      /blobs\.url: where models and state are kept/,
    ],
    [['embedded.enabled=false'], /database\.secretName: name the Secret/],
    [['embedded.enabled=false', 'database.secretName=db'], /eventHubs\.secretName: name the Secret/],
    [['ingress.enabled=true'], /ingress\.host/],
    [['httpRoute.enabled=true'], /httpRoute\.parentRefs/],
    [['keyVault.enabled=true'], /keyVault\.name: which vault/],
    [['image.digests.gateway=latest'], /image\/digests\/gateway/],
    [['workloads.lagSource.kind=guess'], /workloads\/lagSource/],
    [
      [
        'workloads.lagSource.kind=prometheus',
        'workloads.lagSource.serverAddress=http://p:9090',
        'workloads.lagSource.authentication.secret=word',
      ],
      /workloads\/lagSource/,
    ],
    [
      ['gateway.autoscaling.enabled=true', 'gateway.autoscaling.minReplicas=9'],
      /gateway\.autoscaling: maxReplicas is less/,
    ],
    [
      ['gateway.autoscaling.enabled=true', 'gateway.resources.requests.cpu=null'],
      /gateway\.autoscaling: needs gateway\.resources\.requests\.cpu/,
    ],
    [['alerts.runbookUrl=docs'], /alerts\/runbookUrl/],
    [['logLevel=loud'], /logLevel/],
  ];
  for (const [sets, message] of bad) {
    const { problem } = render({ files: [trial], sets });
    assert.ok(problem !== undefined, `${sets} was taken`);
    assert.match(problem, message, String(sets));
  }
});
