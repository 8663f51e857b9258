import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { MissedAccepted, MissedEvent, type MissedReport } from '@verdict/contracts';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { eventsInHub } from '../events-in-hub.fixture.ts';
import { type FeedbackRecorder, feedbackRecorder } from '../feedback-recorder.fixture.ts';
import { type Answer, caller, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
let pool: CommittedPool;
let people: FeedbackRecorder;
let url: string;
let ann: ReturnType<typeof caller>;
let bob: ReturnType<typeof caller>;
let admin: ReturnType<typeof caller>;
let viewer: ReturnType<typeof caller>;
const nowMs = Date.now();
const iso = (atMs: number): string => new Date(atMs).toISOString();

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
  people = feedbackRecorder(platform.stores);
  await pool.commit({
    series: [
      {
        series: 'shop/cart',
        signals: ['cpu'],
        state: 'scored',
        readings: 1,
        firstMs: nowMs,
        lastMs: nowMs,
        score: 0,
        openAnomaly: null,
      },
    ],
  });
  ({ url } = await platform.startGateway());
  ann = caller(url, await platform.token('ann', 'analyst'));
  bob = caller(url, await platform.token('bob', 'analyst'));
  admin = caller(url, await platform.token('root', 'admin'));
  viewer = caller(url, await platform.token('vic', 'viewer'));
});
after(() => platform.stop());

const stretch = (change: object = {}) => ({
  series: 'shop/cart',
  from: iso(nowMs - 600_000),
  to: iso(nowMs - 300_000),
  ...change,
});

/** Everything in the feedback hub, partition by partition. */
async function inHub(): Promise<{ partition: string; event: MissedEvent }[]> {
  return (await eventsInHub(platform, 'feedback')).map(({ partition, body }) => ({
    partition,
    event: MissedEvent.parse(JSON.parse(Buffer.from(body).toString())),
  }));
}

const accepted = ({ status, body }: Answer): string => {
  assert.equal(status, 202);
  return MissedAccepted.parse(body).reportId;
};

test('a report reaches the hub with who made it, and may be taken back at once, in order', async () => {
  const id = accepted(await ann('POST', '/missed', stretch({ reason: 'outage', comment: 'seen by all' })));
  assert.equal(accepted(await ann('DELETE', `/missed/${id}`)), id);
  const events = (await inHub()).filter(({ event }) => event.reportId === id);
  assert.deepEqual(
    events.map(({ event }) => [event.withdrawn, event.person, event.reason, event.from, event.to]),
    [
      [false, 'ann', 'outage', nowMs - 600_000, nowMs - 300_000],
      [true, 'ann', undefined, nowMs - 600_000, nowMs - 300_000],
    ],
  );
  assert.equal(events[0]?.partition, events[1]?.partition);
});

test('reports are listed until they are taken back, by whoever made them or an admin', async () => {
  const sample = (from: number, person: string): MissedEvent => ({
    version: 1,
    kind: 'missed',
    reportId: randomUUID(),
    withdrawn: false,
    series: 'shop/cart',
    from,
    to: from + 1000,
    person,
    at: nowMs,
  });
  const first = sample(nowMs - 7_200_000, 'ann');
  const second = sample(nowMs - 3_600_000, 'bob');
  for (const event of [first, second]) await people.missed(event);
  const list = async (query: string): Promise<string[]> =>
    (await viewer('GET', `/missed?${query}`)).body.items.map(({ id }: MissedReport) => id);
  assert.deepEqual(await list('series=shop/cart'), [first.reportId, second.reportId]);
  assert.deepEqual(await list(`from=${iso(nowMs - 3_700_000)}`), [second.reportId]);
  assert.deepEqual(await list(`to=${iso(nowMs - 3_700_000)}`), [first.reportId]);
  assert.deepEqual(await list('series=shop/none'), []);
  const others = await ann('DELETE', `/missed/${second.reportId}`);
  assert.equal(others.status, 403);
  assert.match(others.body.detail, /by bob: only this person or an admin/);
  accepted(await bob('DELETE', `/missed/${second.reportId}`));
  accepted(await admin('DELETE', `/missed/${first.reportId}`));
  const withdrawn = (await inHub()).map(({ event }) => event).filter((event) => event.withdrawn);
  for (const event of withdrawn.filter(({ reportId }) => reportId === first.reportId)) {
    assert.equal(event.person, 'root');
    await people.missed(event);
  }
  assert.deepEqual(await list('series=shop/cart'), [second.reportId]);
  const before = (await inHub()).length;
  accepted(await ann('DELETE', `/missed/${first.reportId}`));
  assert.equal((await inHub()).length, before);
});

test('reports that cannot be are refused with the field that is wrong', async () => {
  const field = async (body: object): Promise<[number, string | undefined]> => {
    const answer = await ann('POST', '/missed', body);
    return [answer.status, answer.body.errors?.[0].field];
  };
  assert.deepEqual(await field(stretch({ to: iso(nowMs + 900_000) })), [400, 'to']);
  assert.deepEqual(await field(stretch({ from: iso(nowMs - 90_000_000) })), [400, 'from']);
  assert.deepEqual(await field(stretch({ to: iso(nowMs - 700_000) })), [400, 'to']);
  assert.deepEqual(await field(stretch({ series: 'a//b' })), [400, 'series']);
  assert.deepEqual(await field(stretch({ more: 1 })), [400, 'more']);
  assert.deepEqual(await field(stretch({ series: 'shop/unknown' })), [404, undefined]);
  accepted(await ann('POST', '/missed', stretch({ to: iso(Date.now() + 60_000) })));
  assert.equal((await viewer('POST', '/missed', stretch())).status, 403);
  assert.equal((await viewer('DELETE', `/missed/${randomUUID()}`)).status, 403);
  assert.equal((await ann('DELETE', `/missed/${randomUUID()}`)).status, 404);
  assert.equal((await ann('DELETE', '/missed/7')).status, 400);
  assert.equal((await caller(url)('GET', '/missed')).status, 401);
});

test('without the hub a report is not accepted', async () => {
  await platform.stopHub();
  const { status, headers } = await ann('POST', '/missed', stretch());
  assert.equal(status, 503);
  assert.notEqual(headers.get('retry-after'), null);
});
