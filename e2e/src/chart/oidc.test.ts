import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, render, renderedObjects } from './helm.ts';
import { load } from './operator-pods.ts';

const skip = helmMissing;

interface Deployment {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly { readonly env: Variable[] }[] } };
  };
}
interface Variable {
  readonly name: string;
  readonly value?: string;
}

/** What the gateway is told by these values, as it reads it. */
async function gatewayConfig(file: string) {
  const gateway = renderedObjects<Deployment>(file).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'verdict-gateway',
  );
  const variables = gateway?.spec?.template?.spec.containers[0]?.env ?? [];
  // What comes out of Secrets and fields is not of interest here.
  const told = Object.fromEntries(variables.map(({ name, value }) => [name, value ?? 'postgres://u@h/d']));
  const { parseConfig } = await load('packages/process/src/read-config.ts');
  const { GatewayConfig } = await load('services/gateway/src/config.ts');
  return parseConfig(GatewayConfig, told);
}

test('a provider reaches the gateway as it is named in the values, with a Secret or as an Azure identity', {
  skip,
}, async () => {
  const own = await gatewayConfig('ci/production.yaml');
  assert.equal(own.VERDICT_OIDC_ISSUER, 'https://id.example.com');
  assert.equal(own.VERDICT_PUBLIC_URL, 'https://verdict.example.com');
  assert.equal(own.VERDICT_OIDC_LABEL, 'Example');
  assert.equal(own.VERDICT_OIDC_AUDIENCE, undefined);
  assert.equal(own.VERDICT_OIDC_CLIENT_SECRET_FILE, '/etc/verdict/oidc/client-secret');
  assert.deepEqual(own.VERDICT_OIDC_ROLES, [{ claim: 'groups', value: 'on-call', roles: ['analyst'] }]);
  const azure = await gatewayConfig('ci/key-vault.yaml');
  assert.equal(azure.VERDICT_OIDC_AUDIENCE, azure.VERDICT_OIDC_CLIENT_ID);
  assert.equal(azure.VERDICT_OIDC_CLIENT_SECRET_FILE, undefined);
  assert.match(azure.VERDICT_OIDC_CLIENT_ASSERTION_FILE, /azure-identity-token$/);
  assert.equal(azure.VERDICT_OIDC_ROLES.length, 2);
});

test('without a provider the gateway is told of none', { skip }, () => {
  assert.doesNotMatch(render({ files: ['values-aks.yaml'] }).text, /VERDICT_OIDC_/);
});

test('values of a provider that do not fit together are refused, and what is wrong is named', {
  skip,
}, () => {
  for (const [sets, why] of [
    [['issuer='], /gateway\.oidc\.issuer: needed/],
    [['issuer=http://id.example.com'], /gateway\/oidc\/issuer/],
    [['roles=null'], /gateway\.oidc\.roles: say who/],
    [['roles[0].roles[0]=king'], /gateway\/oidc\/roles/],
    [['clientId='], /gateway\.oidc: clientId, for people, or audience/],
    [['workloadIdentity=true'], /gateway\.oidc: either workloadIdentity or clientSecret/],
    [['workloadIdentity=true', 'clientSecret='], /gateway\.oidc\.workloadIdentity: needs/],
  ] as const) {
    const given = sets.map((set) => `gateway.oidc.${set}`);
    assert.match(
      render({ files: ['ci/production.yaml'], sets: given }).problem ?? 'taken',
      why,
      String(sets),
    );
  }
  const homeless = render({ files: ['ci/production.yaml'], sets: ['ingress.tlsSecret='] });
  assert.match(homeless.problem ?? 'taken', /gateway\.publicUrl: needed/);
});
