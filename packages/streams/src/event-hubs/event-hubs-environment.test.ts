import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventHubsNamespace, eventHubsProblems } from './event-hubs-environment.ts';

const key = { VERDICT_EVENT_HUBS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1' };
const host = { VERDICT_EVENT_HUBS_NAMESPACE: 'shop.servicebus.windows.net' };
const credential = { getToken: async () => null };

test('a namespace is named by a connection string, or by its host with an identity', () => {
  assert.deepEqual(eventHubsNamespace(key, credential), { connectionString: 'Endpoint=sb://127.0.0.1' });
  assert.deepEqual(eventHubsNamespace(host, credential), {
    namespace: 'shop.servicebus.windows.net',
    credential,
  });
});

test('neither, both, and what is no host name are refused with the variable named', () => {
  const problem = (environment: object) =>
    eventHubsProblems(environment)
      .map(({ name, message }) => `${name}: ${message}`)
      .join();
  assert.match(problem({}), /^VERDICT_EVENT_HUBS_CONNECTION_STRING: needed, or VERDICT_EVENT_HUBS_NAMESPACE/);
  assert.match(problem({ ...key, ...host }), /^VERDICT_EVENT_HUBS_NAMESPACE: must not be set together/);
  for (const bad of ['sb://shop.servicebus.windows.net', 'shop', 'shop.servicebus.windows.net/', '.', 'a..b'])
    assert.match(problem({ VERDICT_EVENT_HUBS_NAMESPACE: bad }), /must be a host name/, bad);
  assert.throws(() => eventHubsNamespace({}, credential), /VERDICT_EVENT_HUBS_CONNECTION_STRING/);
});
