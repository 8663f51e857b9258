import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { AuditPage, Flood, FloodList } from '@verdict/contracts';
import { createMetrics } from '@verdict/process';
import { type EventSink, StreamUnavailable } from '@verdict/streams';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { type FeedbackRecorder, feedbackRecorder } from '../feedback-recorder.fixture.ts';
import { caller, type Platform, startPlatform } from '../gateway.fixture.ts';
import type { AnswerLimits } from './answer-admission.ts';

let platform: Platform;
let pool: CommittedPool;
let recorder: FeedbackRecorder;
const metrics = createMetrics();

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
  recorder = feedbackRecorder(platform.stores);
});
after(() => platform.stop());

const generous: AnswerLimits = { perHour: 1000, perDay: 5000, flood: { perMinute: 60, factor: 4 } };

/** A gateway whose answers are recorded at once, as if they had come through the hub. */
async function gateway(
  limits: Partial<AnswerLimits>,
  parts: { metrics?: typeof metrics; down?: boolean } = {},
) {
  // One recording after the other, as the consumer of a partition does.
  let recorded = Promise.resolve();
  const feedbackSink: EventSink = {
    properties: async () => ({ identity: 'test', partitions: ['0'] }),
    send: () => Promise.reject(new Error('feedback is sent with a key')),
    sendKeyed: (_key, body) => {
      if (parts.down) return Promise.reject(new StreamUnavailable('the hub is away'));
      recorded = recorded.then(() => recorder.said(body));
      return recorded;
    },
    close: async () => undefined,
  };
  const { url } = await platform.startGateway(
    { answers: { ...generous, ...limits } },
    { feedbackSink, ...(parts.metrics && { metrics: parts.metrics }) },
  );
  return async (name: string, ...roles: Parameters<Platform['token']>[1][]) =>
    caller(url, await platform.token(name, ...roles));
}

async function newAnomaly(): Promise<string> {
  const startMs = Date.now() - 60_000;
  const change = { id: randomBytes(12).toString('hex'), startMs, endMs: startMs, peakMs: startMs };
  return (await pool.commitAnomaly(change)).id;
}

test('a person has so many answers an hour; then it is 429 with when to come back, and taking back still works', async () => {
  const as = await gateway({ perHour: 3 });
  const [ann, bob] = [await as('quota-ann', 'analyst'), await as('quota-bob', 'analyst')];
  const anomalyId = await newAnomaly();
  const say = (who: typeof ann, verdict: string) => who('POST', '/feedback', { anomalyId, verdict });
  for (let n = 0; n < 3; n += 1) assert.equal((await say(ann, 'true')).status, 202);
  const refused = await say(ann, 'false');
  assert.equal(refused.status, 429);
  const waitSeconds = Number(refused.headers.get('retry-after'));
  assert.ok(waitSeconds > 3500 && waitSeconds <= 3600, String(waitSeconds));
  assert.match(refused.body.detail, /3 answers an hour/);
  assert.equal((await say(bob, 'false')).status, 202, 'the quota is each person’s own');
  assert.equal((await say(ann, 'withdrawn')).status, 202);
  const report = { series: 'shop/cart', from: new Date(0).toISOString(), to: new Date(1).toISOString() };
  assert.notEqual((await ann('POST', '/missed', report)).status, 202);
});

test('an answer that could not be sent is not counted', async () => {
  const anomalyId = await newAnomaly();
  const down = await (await gateway({ perHour: 1 }, { down: true }))('unsent', 'analyst');
  for (let n = 0; n < 3; n += 1)
    assert.equal((await down('POST', '/feedback', { anomalyId, verdict: 'true' })).status, 503);
  const up = await (await gateway({ perHour: 1 }))('unsent', 'analyst');
  assert.equal((await up('POST', '/feedback', { anomalyId, verdict: 'true' })).status, 202);
});

test('a flood of answers waits for an admin, who sees it and decides; until then it changes nothing', async () => {
  const as = await gateway({ flood: { perMinute: 5, factor: 4 } }, { metrics });
  const [eve, ann, root] = [
    await as('eve', 'analyst'),
    await as('ann', 'analyst'),
    await as('root', 'admin'),
  ];
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push(await newAnomaly());
  const [first = '', second = ''] = ids;
  assert.equal((await ann('POST', '/feedback', { anomalyId: first, verdict: 'true' })).status, 202);
  const receipt = async (id: string) => (await root('GET', `/anomalies/${id}/receipt`)).body;
  for (const anomalyId of ids.slice(0, 5)) await eve('POST', '/feedback', { anomalyId, verdict: 'false' });
  assert.equal((await receipt(second)).judgement, 'false-alarm');
  const last = await eve('POST', '/feedback', { anomalyId: ids[5], verdict: 'false' });
  assert.equal(last.status, 202, 'it is taken, and held back');

  assert.deepEqual(
    [(await receipt(first)).judgement, (await receipt(second)).judgement],
    ['confirmed', 'unjudged'],
  );
  const shown = (await ann('GET', `/anomalies/${second}`)).body.verdicts;
  assert.deepEqual(
    shown.map((said: { uncounted?: string }) => said.uncounted),
    ['held'],
  );
  const { items } = FloodList.parse((await root('GET', '/feedback/floods?state=open')).body);
  const flood = items.find(({ person }) => person === 'eve');
  assert.ok(flood);
  assert.deepEqual([flood.perMinute, flood.limit, flood.usual, flood.answers.false], [6, 5, null, 6]);
  assert.match(await metrics.metrics(), /verdict_gateway_floods_total 1\n/);
  assert.match(await metrics.metrics(), /verdict_feedback_floods_open 1\n/);

  const review = (who: typeof eve, decision: string) =>
    who('POST', `/feedback/floods/${flood.id}/review`, { decision, note: 'checked' });
  assert.equal((await review(eve, 'accept')).status, 403);
  const accepted = Flood.parse((await review(root, 'accept')).body);
  assert.deepEqual([accepted.state, accepted.reviewedBy, accepted.note], ['accepted', 'root', 'checked']);
  assert.deepEqual(
    [(await receipt(first)).judgement, (await receipt(second)).judgement],
    ['undecided', 'false-alarm'],
  );
  assert.equal((await review(root, 'accept')).status, 200, 'asked again, it is as it was wanted');
  assert.equal((await review(root, 'discard')).status, 409);
  const unknown = await root('POST', `/feedback/floods/${crypto.randomUUID()}/review`, {
    decision: 'accept',
  });
  assert.equal(unknown.status, 404);
});

test('the trail tells an admin who said what, and what it was before', async () => {
  const as = await gateway({});
  const [zoe, root] = [await as('zoe', 'analyst'), await as('root', 'admin')];
  const anomalyId = await newAnomaly();
  for (const verdict of ['true', 'false', 'withdrawn'])
    await zoe('POST', '/feedback', { anomalyId, verdict });
  const { items } = AuditPage.parse((await root('GET', `/feedback/audit?anomaly=${anomalyId}`)).body);
  assert.deepEqual(
    items.map(({ person, verdict, before }) => [person, verdict, before]),
    [
      ['zoe', 'withdrawn', 'false'],
      ['zoe', 'false', 'true'],
      ['zoe', 'true', null],
    ],
  );
  const all = AuditPage.parse((await root('GET', '/feedback/audit?limit=500')).body).items;
  const reviewed = all.find(({ action }) => action === 'flood-accepted');
  assert.deepEqual([reviewed?.person, reviewed?.text], ['root', 'checked']);
  assert.ok(all.some(({ action, person }) => action === 'flood-raised' && person === 'eve'));
  assert.equal((await root('GET', '/feedback/audit?next=nonsense')).status, 400);
});

test('what a reporter answers is shown and counts for nothing, and is not asked again', async () => {
  const as = await gateway({});
  const [rob, ann] = [await as('rob', 'reporter'), await as('ann', 'analyst')];
  const anomalyId = await newAnomaly();
  const asked = async (who: typeof rob) =>
    (await who('GET', '/anomalies/worth-asking?limit=20')).body.items.some(
      (one: { anomalyId: string }) => one.anomalyId === anomalyId,
    );
  assert.deepEqual([await asked(rob), await asked(ann)], [true, true]);
  assert.equal((await rob('POST', '/feedback', { anomalyId, verdict: 'false' })).status, 202);
  const { verdicts } = (await ann('GET', `/anomalies/${anomalyId}`)).body;
  assert.deepEqual([verdicts[0].person, verdicts[0].uncounted], ['rob', 'no-right']);
  const receipt = (await ann('GET', `/anomalies/${anomalyId}/receipt`)).body;
  assert.deepEqual([receipt.judgement, receipt.answers], ['unjudged', { true: 0, false: 0 }]);
  assert.deepEqual([await asked(rob), await asked(ann)], [false, true]);
});
