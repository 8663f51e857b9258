import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlatformClient } from './platform-client.ts';
import { PlatformAnswerUnexpected, PlatformUnavailable } from './platform-error.ts';

const reportId = '5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11';
const anomalyId = '0f1e2d3c4b5a69788796a5b4';
const stretch = { from: '2026-11-22T16:00:00.000Z', to: '2026-11-22T16:05:00.000Z' };
const report = {
  id: reportId,
  series: 'shop/cart',
  ...stretch,
  person: 'ann',
  reason: null,
  comment: null,
  at: '2026-11-22T16:10:00.000Z',
};
const record = { revision: 4, state: null, baseline: null, events: [], commands: [] };
const update = {
  state: {
    phase: 'idle' as const,
    champion: 1,
    candidate: null,
    step: 0,
    chosen: [],
    before: {},
    fallback: null,
    phaseSinceMs: 0,
    analysedToMs: 0,
    passedInPhase: 0,
    passed: { readings: 0, anomalies: 0, expectedAnomalies: 0, errors: 0, expectedErrors: 0 },
    failures: 0,
    analyses: [],
    waitingSaid: false,
    paused: null,
    aborted: [],
    lastAbort: null,
    reinstated: null,
    handledCommands: [],
  },
  baseline: null,
  events: [],
};

/** A client whose requests are written down and answered by `answer`. */
function clientAnswered(answer: (route: string) => { status: number; body?: unknown }, namespace?: string) {
  const sent: { route: string; body: unknown; ifMatch: string | null }[] = [];
  const client = createPlatformClient({
    url: 'http://platform',
    credentials: { token: async () => 't' },
    clock: { nowMs: () => 0, sleep: async () => undefined },
    ...(namespace === undefined ? {} : { namespace }),
    fetch: async (url, init) => {
      const route = `${init.method} ${url.slice('http://platform'.length)}`;
      const ifMatch = new Headers(init.headers).get('if-match');
      sent.push({ route, body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined, ifMatch });
      const { status, body } = answer(route);
      return new Response(body === undefined ? null : JSON.stringify(body), { status });
    },
  });
  return { client, sent };
}

const version = {
  version: 2,
  state: 'accepted' as const,
  createdAt: stretch.from,
  manifest: null,
  evaluation: null,
  servesSince: null,
};

test('models and pools are asked about and written in the namespace of the client', async () => {
  const { client, sent } = clientAnswered((route) => {
    if (route.includes('/trust')) return { status: 200, body: { points: [] } };
    if (route.includes('/comparison'))
      return { status: 200, body: { champion: 1, candidate: 2, series: [] } };
    if (route.includes('/versions/2?')) return { status: 200, body: version };
    if (route.includes('/trainings')) return { status: 202, body: { triggerId: 'asked-1' } };
    if (route.includes('/commands')) return { status: 202, body: { id: 'c1' } };
    return route.includes('/rollout') ? { status: 200, body: record } : { status: 204 };
  }, 'prod');
  assert.deepEqual(await client.trust('shop', { from: stretch.from }), { points: [] });
  assert.equal((await client.comparison('shop', 2)).candidate, 2);
  assert.deepEqual(await client.version('shop', 2), version);
  assert.deepEqual(await client.askTraining('shop'), { triggerId: 'asked-1' });
  await client.setVersionState('shop', 2, 'aborted');
  assert.deepEqual(await client.saveRollout('shop', 3, update), record);
  assert.deepEqual(await client.commandRollout('shop', { kind: 'rollback', version: 1 }), { id: 'c1' });
  assert.deepEqual(
    sent.map(({ route }) => route),
    [
      `GET /models/shop/trust?from=${encodeURIComponent(stretch.from)}&namespace=prod`,
      'GET /models/shop/versions/2/comparison?namespace=prod',
      'GET /models/shop/versions/2?namespace=prod',
      'POST /models/shop/trainings?namespace=prod',
      'PUT /models/shop/versions/2/state?namespace=prod',
      'PUT /pools/shop/rollout?namespace=prod',
      'POST /pools/shop/rollout/commands?namespace=prod',
    ],
  );
  assert.deepEqual(
    sent.slice(3).map(({ body }) => body),
    [{}, { state: 'aborted' }, update, { kind: 'rollback', version: 1 }],
  );
  assert.equal(sent[5]?.ifMatch, '"3"');
});

test('pools are those of all namespaces, or those that are asked for', async () => {
  const { client, sent } = clientAnswered(() => ({ status: 200, body: { items: [] } }), 'prod');
  await client.pools();
  await client.pools({ namespace: 'prod', model: 'shop' });
  assert.deepEqual(
    sent.map(({ route }) => route),
    ['GET /pools', 'GET /pools?namespace=prod&model=shop'],
  );
});

test('answers, reports and what is worth asking travel by their ids', async () => {
  const worth = { anomalyId, worth: 2.5, reasons: ['nobody has answered on this series'] };
  const { client, sent } = clientAnswered((route) => {
    if (route.includes('worth-asking')) return { status: 200, body: { items: [worth] } };
    if (route.startsWith('GET /missed')) return { status: 200, body: { items: [report] } };
    return route.includes('/missed') ? { status: 202, body: { reportId } } : { status: 200, body: {} };
  });
  assert.deepEqual(await client.worthAsking({ limit: 5 }), [worth]);
  assert.deepEqual(await client.reportMissed({ series: 'shop/cart', ...stretch }), { reportId });
  assert.deepEqual(await client.missed({ series: 'shop/cart' }), [report]);
  assert.deepEqual(await client.withdrawMissed(reportId), { reportId });
  await assert.rejects(client.receipt(anomalyId), PlatformAnswerUnexpected);
  assert.deepEqual(
    sent.map(({ route }) => route),
    [
      'GET /anomalies/worth-asking?limit=5',
      'POST /missed',
      'GET /missed?series=shop%2Fcart',
      `DELETE /missed/${reportId}`,
      `GET /anomalies/${anomalyId}/receipt`,
    ],
  );
});

test('a rollout record that somebody else replaced is null, and no write of one is done twice', async () => {
  const { client: late } = clientAnswered(() => ({ status: 412 }));
  assert.equal(await late.saveRollout('shop', 3, update), null);
  const { client, sent } = clientAnswered(() => ({ status: 500 }));
  await assert.rejects(client.saveRollout('shop', 3, update), PlatformUnavailable);
  await assert.rejects(client.commandRollout('shop', { kind: 'pause' }), PlatformUnavailable);
  await assert.rejects(client.askTraining('shop'), PlatformUnavailable);
  await assert.rejects(client.reportMissed({ series: 'shop/cart', ...stretch }), PlatformUnavailable);
  assert.equal(sent.length, 4);
});
