import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlatformClient } from './platform-client.ts';
import { PlatformUnavailable } from './platform-error.ts';

const run = {
  triggerId: 'asked-a/b',
  state: 'running' as const,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  version: null,
  message: '',
};

/** A client in the namespace `prod` whose requests are written down. */
function clientAnswered(status: number, body: unknown) {
  const sent: string[] = [];
  const client = createPlatformClient({
    url: 'http://platform',
    credentials: { token: async () => 't' },
    clock: { nowMs: () => 0, sleep: async () => undefined },
    namespace: 'prod',
    fetch: async (url, init) => {
      sent.push(`${init.method} ${url.slice('http://platform'.length)} ${init.body ?? ''}`.trim());
      return new Response(JSON.stringify(body), { status });
    },
  });
  return { client, sent };
}

test('trainings are recorded under the whole id of their trigger', async () => {
  const { client, sent } = clientAnswered(200, run);
  assert.deepEqual(await client.recordTraining('shop', 'asked-a/b', { state: 'running' }), run);
  assert.deepEqual(sent, ['PUT /models/shop/trainings/asked-a%2Fb?namespace=prod {"state":"running"}']);
});

test('models and pools are deleted in the namespace of the client', async () => {
  const { client, sent } = clientAnswered(200, {});
  await client.deleteModel('shop');
  await client.deletePool('shop');
  assert.deepEqual(sent, ['DELETE /models/shop?namespace=prod', 'DELETE /pools/shop?namespace=prod']);
});

test('versions are pruned by one request, whose answer may be lost', async () => {
  const { client, sent } = clientAnswered(200, { retired: [1, 2], deleted: [] });
  assert.deepEqual(await client.pruneVersions('shop', 10), { retired: [1, 2], deleted: [] });
  assert.deepEqual(sent, ['POST /models/shop/versions/prune?namespace=prod {"keep":10}']);
  const broken = clientAnswered(500, {});
  await assert.rejects(broken.client.pruneVersions('shop', 10), PlatformUnavailable);
  assert.equal(broken.sent.length, 1);
});
