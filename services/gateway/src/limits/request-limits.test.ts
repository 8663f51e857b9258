import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Caller, defineRoute, HttpProblem, type Route } from '@verdict/process';
import { z } from 'zod';
import { addressKey } from './address-key.ts';
import { requestLimits } from './request-limits.ts';

const route = (path: string, more: Partial<Route> = {}): Route => ({
  ...defineRoute({
    method: 'get',
    path,
    summary: 'A route of this test',
    roles: ['viewer'],
    response: z.object({}),
    handler: async () => ({}),
  }),
  ...more,
});
const person = (name: string, ...roles: Caller['roles']): Caller => ({ name, roles, expiresAtMs: 0 });
const limits = { perAddress: 5, perCaller: 3, ingest: 8 };

/** How many of 100 are let in. */
async function letIn(count: () => Promise<void>): Promise<number> {
  for (let taken = 0; taken < 100; taken += 1)
    try {
      await count();
    } catch (error) {
      assert.ok(error instanceof HttpProblem);
      assert.equal(error.status, 429);
      assert.ok(Number(error.headers['Retry-After']) <= 60, error.headers['Retry-After']);
      return taken;
    }
  return 100;
}

test('each address has a limit of its own, and readings one beside it', async () => {
  const counted = requestLimits(limits);
  const read = route('/anomalies');
  const data = route('/data', { ratePerMinute: 'ingest' });
  assert.equal(await letIn(() => counted.countAddress('10.0.0.1', read)), 5);
  assert.equal(await letIn(() => counted.countAddress('10.0.0.1', null)), 0);
  assert.equal(await letIn(() => counted.countAddress('10.0.0.2', null)), 5);
  assert.equal(await letIn(() => counted.countAddress('10.0.0.1', data)), 8);
});

test('each caller has a limit of its own, and our processes a larger one', async () => {
  const counted = requestLimits(limits);
  const read = route('/anomalies');
  assert.equal(await letIn(() => counted.countCaller(person('ann', 'viewer'), read)), 3);
  assert.equal(await letIn(() => counted.countCaller(person('bob', 'viewer'), read)), 3);
  assert.equal(await letIn(() => counted.countCaller(person('detector', 'service'), read)), 30);
  const data = route('/data', { ratePerMinute: 'ingest' });
  assert.equal(await letIn(() => counted.countCaller(person('ann', 'ingest'), data)), 8);
});

test('a route may allow less, to each caller, or to each address where it needs no token', async () => {
  const counted = requestLimits({ ...limits, perCaller: 50, perAddress: 50 });
  const testing = route('/webhooks/{name}/tests', { ratePerMinute: 2 });
  assert.equal(await letIn(() => counted.countCaller(person('ann', 'admin'), testing)), 2);
  assert.equal(await letIn(() => counted.countCaller(person('bob', 'admin'), testing)), 2);
  const refresh = route('/auth/refresh', { roles: 'public', ratePerMinute: 4 });
  assert.equal(await letIn(() => counted.countAddress('10.0.0.1', refresh)), 4);
  assert.equal(await letIn(() => counted.countAddress('10.0.0.2', refresh)), 4);
});

test('an IPv6 address is counted by its network, an IPv4 address by itself', () => {
  assert.equal(addressKey('203.0.113.9'), '203.0.113.9');
  assert.equal(addressKey('::ffff:203.0.113.9'), '203.0.113.9');
  assert.equal(addressKey('2001:db8:0:1::1'), '2001:db8:0:1::/64');
  assert.equal(addressKey('2001:db8:0:1:ffff:1:2:3'), '2001:db8:0:1::/64');
  assert.equal(addressKey('2001:db8::1'), '2001:db8:0:0::/64');
  assert.equal(addressKey('fe80::1%eth0'), 'fe80:0:0:0::/64');
  assert.equal(addressKey(''), '');
});
