import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { secretTexts } from '../policies/no-shared-keys.ts';
import { chartFile } from '../testing/chart.fixture.ts';
import { type Graph, runGraph } from '../testing/mock-graph.fixture.ts';
import { stacks } from '../testing/stacks.fixture.ts';
import { aksObjects } from './aks-objects.ts';
import { aksValues } from './aks-values.ts';
import { databaseRoles } from './database-roles.ts';
import { type KubernetesFacts, parseFacts, parseKubernetesFacts } from './facts.ts';

const configs = stacks();
const printed = ({ outputs }: Graph) => JSON.stringify({ platform: outputs });

/** Helm’s way of laying one values file over another. */
function merged(below: unknown, above: unknown): unknown {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(below) || !isObject(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in above ? merged(below[key], above[key]) : below[key]]),
  );
}

describe('the outputs of a stack with a cluster', () => {
  let facts: KubernetesFacts;
  before(async () => {
    facts = parseKubernetesFacts(printed(await runGraph('full', configs.full)));
  });

  test('become values that the chart takes, over values-aks.yaml', () => {
    const values = merged(parse(chartFile('values-aks.yaml')), aksValues(facts));
    const validate = new Ajv({ strict: false }).compile(JSON.parse(chartFile('values.schema.json')));
    const valid = validate(values);
    assert.deepEqual(validate.errors ?? [], []);
    assert.equal(valid, true);
    // What values-aks.yaml leaves open, it writes in capitals.
    assert.doesNotMatch(JSON.stringify(values), /[A-Z]{5,}/);
  });

  test('name the provider of the stack, which is its own directory where no other is named', () => {
    const { oidc } = aksValues(facts).gateway;
    assert.equal(oidc?.issuer, `https://login.microsoftonline.com/${facts.tenantId}/v2.0`);
    assert.deepEqual(
      [oidc.clientId, oidc.audience, oidc.workloadIdentity],
      ['dashboard', 'api://verdict', true],
    );
  });

  test('give each service account its own identity', () => {
    const { gateway, retrainer, workloads } = aksValues(facts);
    const clients = [
      gateway.serviceAccount,
      retrainer.serviceAccount,
      workloads.serviceAccounts.detector,
      workloads.serviceAccounts.retrainer,
    ].map(({ annotations }) => annotations['azure.workload.identity/client-id']);
    const { identities } = facts;
    assert.deepEqual(
      clients,
      [identities.gateway, identities.retrainer, identities.detector, identities.training].map(
        ({ clientId }) => clientId,
      ),
    );
    assert.equal(new Set(clients).size, 4);
  });

  test('hold no key and no password, nor does anything that is made of them', () => {
    for (const made of [facts, aksValues(facts), aksObjects(facts), [databaseRoles(facts)]])
      assert.deepEqual(secretTexts(made), []);
  });

  test('let the gateway alone fetch the signing key', () => {
    const classes = aksObjects(facts).filter(({ kind }) => kind === 'SecretProviderClass');
    assert.equal(classes.length, 1);
    assert.deepEqual(classes[0]?.metadata, { name: 'verdict-signing-key', namespace: 'verdict' });
    assert.equal(JSON.stringify(classes).includes(facts.identities.gateway.clientId), true);
  });

  test('name a role in the database for each identity', () => {
    const sql = databaseRoles(facts);
    for (const { name, principalId, databaseUrl } of Object.values(facts.identities)) {
      assert.equal(sql.includes(`ON ROLE "${name}" IS 'aadauth,oid=${principalId},type=service'`), true);
      assert.equal(
        databaseUrl,
        `postgresql://${name}@verdict-full-k7q2.postgres.database.azure.com:5432/verdict?sslmode=verify-full`,
      );
    }
  });
});

test('the outputs of a stack with web apps name them, and make no values for a chart', async () => {
  const text = printed(await runGraph('apps', configs.apps));
  const facts = parseFacts(text);
  assert.equal(facts.hosting === 'webApps' && facts.hosts.gateway, 'app-gateway.azurewebsites.net');
  assert.match(databaseRoles(facts), /"verdict-apps-front-end"/);
  assert.throws(() => parseKubernetesFacts(text), /no cluster/);
});

test('what is not a stack’s output is refused with the reasons', () => {
  assert.throws(() => parseFacts('{"platform":{"hosting":"kubernetes"}}'), /tenantId/);
});
