import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stackFile } from '../testing/stacks.fixture.ts';
import { resourceNames } from './resource-names.ts';
import { parseStackConfig } from './stack-config.ts';

const refusals: [string, object, RegExp][] = [
  ['a key that is not known', { colour: 'red' }, /Unrecognized key: "colour"/],
  ['a suffix that would make names too long', { suffix: 'abcdefg' }, /3 to 6 lower-case/],
  [
    'hosting without its block',
    { hosting: 'webApps', kubernetes: undefined },
    /needed with hosting: webApps/,
  ],
  ['a block of the other hosting', { hosting: 'webApps' }, /means nothing with hosting: webApps/],
  [
    'auto-inflate that goes down',
    { eventHubs: { throughputUnits: 4, mostThroughputUnits: 2 } },
    /is less than/,
  ],
  [
    'a standby of a burstable database',
    { database: { sku: 'Standard_B2s', storageGb: 32, standby: true } },
    /no standby/,
  ],
  [
    'a private registry that is not Premium',
    { registry: { tier: 'Basic', publicAccess: false } },
    /only the tier Premium/,
  ],
  [
    'a budget that begins in the middle of a month',
    { budget: { monthlyAmount: 1, startDate: '2026-12-02', contactEmails: ['a@example.com'] } },
    /first day of a month/,
  ],
  [
    'an administrators’ group that is no GUID',
    { administrators: { objectId: 'us', name: 'us' } },
    /administrators\.objectId/,
  ],
  [
    'a log-in without a host to come back to',
    { oidc: { clientId: 'verdict', roles: [{ claim: 'roles', value: 'Admin', roles: ['admin'] }] } },
    /needed with oidc\.clientId/,
  ],
  [
    'a provider for nobody',
    { oidc: { roles: [{ claim: 'roles', value: 'Admin', roles: ['admin'] }] } },
    /clientId, for people, or audience, for programs/,
  ],
  [
    'a role that is for processes of Verdict alone',
    { oidc: { audience: 'verdict', roles: [{ claim: 'roles', value: 'Admin', roles: ['service'] }] } },
    /oidc\.roles/,
  ],
  ['an address that is none', { allowedAddresses: ['everybody'] }, /allowedAddresses/],
];
for (const [what, change, message] of refusals)
  test(`${what} is refused`, () => {
    assert.throws(() => parseStackConfig({ ...stackFile('dev'), ...change }), message);
  });

test('everything that is wrong is said at once', () => {
  const change = { suffix: '', location: 'West Europe', colour: 'red' };
  assert.throws(
    () => parseStackConfig({ ...stackFile('dev'), ...change }),
    (error: Error) => ['suffix', 'location', 'colour'].every((name) => error.message.includes(name)),
  );
});

test('the longest names fit where Azure takes 24 characters', () => {
  const { unique, letters } = resourceNames('preview1', 'abcdef');
  // Grafana takes 23.
  assert.equal(unique.length <= 23, true);
  assert.match(letters, /^[a-z0-9]{3,24}$/);
  assert.throws(() => resourceNames('production', 'abc'), /2 to 8/);
});
