import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, parseConfig } from '@verdict/process';
import { GatewayConfig } from '../config.ts';

const needed = {
  VERDICT_DATABASE_URL: 'postgres://verdict@127.0.0.1/verdict',
  VERDICT_EVENT_HUBS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1',
  VERDICT_SIGNING_KEY_FILE: '/var/lib/verdict/key.json',
};
const issuer = { VERDICT_CLUSTER_ISSUER: 'https://kubernetes.default.svc.cluster.local' };
const accounts = (...list: unknown[]) => ({ VERDICT_CLUSTER_ACCOUNTS: JSON.stringify(list) });
const detector = { namespace: 'shop', serviceAccount: 'verdict-detector', roles: ['service'] };

const refused = (environment: Record<string, string>, message: RegExp): void =>
  assert.throws(
    () => parseConfig(GatewayConfig, { ...needed, ...environment }),
    (error: Error) => error instanceof ConfigError && message.test(error.message),
  );

test('a gateway needs no cluster, and with one it knows the accounts', () => {
  assert.equal(parseConfig(GatewayConfig, needed).VERDICT_CLUSTER_ISSUER, undefined);
  const config = parseConfig(GatewayConfig, { ...needed, ...issuer, ...accounts(detector) });
  assert.deepEqual(config.VERDICT_CLUSTER_ACCOUNTS, [detector]);
  assert.equal(config.VERDICT_CLUSTER_AUDIENCE, 'verdict');
});

test('half a configuration of a cluster is refused, and says what is missing', () => {
  refused(issuer, /VERDICT_CLUSTER_ACCOUNTS.*needed with VERDICT_CLUSTER_ISSUER/);
  refused(accounts(detector), /VERDICT_CLUSTER_ACCOUNTS: means nothing without VERDICT_CLUSTER_ISSUER/);
  refused({ ...issuer, VERDICT_PORT: 'x' }, /VERDICT_PORT.*VERDICT_CLUSTER_ACCOUNTS.*needed with/s);
  refused({ VERDICT_CLUSTER_CA_FILE: '/ca' }, /VERDICT_CLUSTER_CA_FILE: means nothing without/);
  refused({ VERDICT_CLUSTER_ISSUER: 'verdict', ...accounts(detector) }, /issuer of our own tokens/);
});

test('accounts are exact: no pattern, no unknown role, no unknown field, nobody twice', () => {
  const bad: [unknown[], RegExp][] = [
    [[], /JSON list/],
    [[{ ...detector, namespace: '*' }], /0\.namespace: must be a Kubernetes name/],
    [[{ ...detector, serviceAccount: 'a/b' }], /0\.serviceAccount/],
    [[{ ...detector, roles: [] }], /0\.roles/],
    [[{ ...detector, roles: ['root'] }], /0\.roles\.0/],
    [[{ ...detector, role: 'admin' }], /JSON list/],
    [[detector, detector], /names the account shop\/verdict-detector twice/],
  ];
  for (const [list, message] of bad) refused({ ...issuer, ...accounts(...list) }, message);
  refused({ ...issuer, VERDICT_CLUSTER_ACCOUNTS: 'shop/detector' }, /must be a JSON list/);
});
