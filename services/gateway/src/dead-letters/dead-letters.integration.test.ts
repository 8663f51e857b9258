import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DeadLetterDetail, DeadLettersPage, type DeadLettersQuery, Replayed } from '@verdict/contracts';
import type { DeadLetter } from '@verdict/storage';
import { sampleRows } from '@verdict/storage/testing';
import { encodeReadings } from '@verdict/streams';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';
import { blocksInDataHub } from '../readings/data-hub.fixture.ts';

let platform: Platform;
let pool: CommittedPool;
let admin: ReturnType<typeof caller>;
let lastSequence = 100;
const nowMs = Date.now() - 60_000;

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, null);
  const { url } = await platform.startGateway();
  admin = caller(url, await platform.token('ann', 'admin'));
});
after(() => platform.stop());

const eventOf = (series: string, ...times: number[]): Uint8Array =>
  encodeReadings([
    {
      series,
      signals: ['cpu', 'mem'],
      times: Float64Array.from(times),
      values: Float32Array.from(times.flatMap((_, at) => [at + 0.5, Number.NaN])),
    },
  ]);

/** Has a detector put something to dead letters; gives its id. */
async function putAside(change: Partial<DeadLetter>): Promise<number> {
  const whole = { series: null, timeMs: null, reason: 'poisonous', detail: 'it crashed' } as const;
  const letter = { ...whole, sequence: ++lastSequence, payload: Uint8Array.of(9), ...change };
  await pool.commit({ deadLetters: [letter] });
  const [row] = await platform.stores.deadLetters.list({ limit: 1 });
  return row?.id ?? 0;
}

const listed = async (query: Partial<DeadLettersQuery> = {}) => {
  const text = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return DeadLettersPage.parse((await admin('GET', `/dead-letters?${text}`)).body);
};
const replay = async (body: object) =>
  Replayed.parse((await admin('POST', '/dead-letters/replays', body)).body);
const inHub = async (series: string) =>
  (await blocksInDataHub(platform)).filter((block) => block.series === series).map(({ times }) => [...times]);

test('a dead letter is listed, shown with its readings, and replayed into its partition, also twice', async () => {
  const id = await putAside({ payload: eventOf('shop/new', nowMs, nowMs + 1000) });
  const { items, next } = await listed({ reason: 'poisonous', pool: 'default/shop', limit: 1 });
  assert.deepEqual([items[0]?.id, items[0]?.state, items[0]?.replayedBy, next], [id, 'waiting', null, null]);
  const shown = DeadLetterDetail.parse((await admin('GET', `/dead-letters/${id}`)).body);
  assert.deepEqual(shown.readings, [
    { series: 'shop/new', time: new Date(nowMs).toISOString(), values: { cpu: 0.5, mem: null } },
    { series: 'shop/new', time: new Date(nowMs + 1000).toISOString(), values: { cpu: 1.5, mem: null } },
  ]);
  assert.deepEqual(
    Buffer.from(shown.payload, 'base64'),
    Buffer.from(eventOf('shop/new', nowMs, nowMs + 1000)),
  );
  assert.deepEqual(await replay({ ids: [id] }), { replayed: 1, refused: [], next: null });
  assert.deepEqual(await inHub('shop/new'), [[nowMs, nowMs + 1000]]);
  // Nobody knows whether an answer that was lost meant anything: by its id it is sent again.
  assert.equal((await replay({ ids: [id] })).replayed, 1);
  assert.equal((await inHub('shop/new')).length, 2);
  // All that wait are none any more.
  assert.deepEqual(await replay({ all: { reason: 'poisonous' } }), { replayed: 0, refused: [], next: null });
  const { items: replayed } = await listed({ state: 'replayed' });
  assert.deepEqual([replayed[0]?.id, replayed[0]?.replayedBy], [id, 'ann']);
});

test('what cannot be scored any more, or be read, is refused with the reason and stays', async () => {
  const status = {
    signals: ['cpu'],
    state: 'scored',
    readings: 9,
    firstMs: 0,
    score: 0,
    openAnomaly: null,
  } as const;
  const rows = sampleRows([nowMs]);
  const series = 'shop/going-on';
  await pool.commit({ history: [{ series, rows }], series: [{ ...status, series, lastMs: nowMs + 5000 }] });
  const [older, newer] = [nowMs + 5000, nowMs + 6000];
  const payload = eventOf(series, older);
  const late = await putAside({ payload, series, timeMs: older, reason: 'late' });
  const ahead = await putAside({ payload: eventOf(series, Date.now() + 3_600_000) });
  const broken = await putAside({ payload: Uint8Array.of(2, 7, 7, 7, 7, 7), reason: 'undecodable' });
  const { replayed, refused } = await replay({ all: { pool: 'default/shop' } });
  assert.equal(replayed, 0);
  assert.deepEqual(
    refused.map(({ id }) => id),
    [late, ahead, broken],
  );
  assert.match(refused[0]?.message ?? '', /newer readings by now/);
  assert.match(refused[1]?.message ?? '', /ahead of the gateway's clock/);
  assert.match(refused[2]?.message ?? '', /no format that is known here: unknown version 2/);
  assert.equal((await listed({ state: 'waiting' })).items.length, 3);
  // One that is still of use takes the others of its event along; its detector puts those aside again.
  const both = await putAside({ payload: eventOf(series, older, newer) });
  assert.equal((await replay({ ids: [both] })).replayed, 1);
  assert.deepEqual(await inHub(series), [[older, newer]]);
  await admin('POST', '/dead-letters/drops', { ids: [late, ahead, broken, both] });
});

test('of very many a part is replayed at a time, and it goes on where it ended', async () => {
  const ids: number[] = [];
  const count = 45;
  for (let at = 0; at < count; at += 1)
    ids.push(await putAside(at % 3 === 0 ? {} : { payload: eventOf(`shop/many-${at}`, nowMs) }));
  const patient = await replay({ all: {} });
  assert.deepEqual([patient.replayed, patient.refused.length, patient.next], [30, 15, null]);
  const again = await replay({ all: {}, after: ids[20] });
  assert.deepEqual([again.replayed, again.refused.length], [0, 8]);
  assert.deepEqual(
    (await admin('POST', '/dead-letters/drops', { all: { reason: 'poisonous' } })).body.dropped >= count,
    true,
  );
});

test('a verdict that could not be read goes to the feedback hub once more when it can be', async () => {
  const anomaly = { id: 'b'.repeat(24) };
  await pool.commitAnomaly(anomaly);
  const feedbackId = '5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11';
  const event = { version: 1, feedbackId, anomalyId: anomaly.id, verdict: 'true', person: 'ann', at: nowMs };
  const sent: [string, string][] = [];
  const { url } = await platform.startGateway(
    {},
    {
      feedbackSink: {
        properties: async () => ({ identity: 'test', partitions: ['0'] }),
        send: () => Promise.reject(new Error('feedback is sent with a key')),
        sendKeyed: async (key, body) => void sent.push([key, Buffer.from(body).toString()]),
        close: async () => undefined,
      },
    },
  );
  const root = caller(url, await platform.token('ann', 'admin'));
  const claimed = await platform.stores.leases.claim({
    group: 'default/feedback',
    partition: '0',
    member: { holder: 'retrainer', address: null, pinnedVersion: null },
    expiryMs: 60_000,
  });
  const undecodable = (sequence: number, text: string) => ({
    sequence,
    payload: Buffer.from(text),
    detail: 'no',
  });
  await platform.stores.feedback.record({
    group: 'default/feedback',
    partition: '0',
    epoch: claimed?.epoch ?? 0,
    holder: 'retrainer',
    checkpoint: 2,
    events: [],
    missed: [],
    undecodable: [undecodable(1, JSON.stringify(event)), undecodable(2, '{"verdict":"perhaps"}')],
  });
  const { body } = await root('POST', '/dead-letters/replays', { all: { pool: 'default/feedback' } });
  assert.deepEqual([body.replayed, body.refused.length], [1, 1]);
  assert.deepEqual(sent, [[anomaly.id, JSON.stringify(event)]]);
});

test('dead letters are counted, dropped when asked, and who did it is in the audit trail', async () => {
  const id = await putAside({});
  const { body } = await admin('POST', '/dead-letters/drops', { ids: [id] });
  assert.deepEqual(body, { dropped: 1 });
  assert.equal((await admin('GET', `/dead-letters/${id}`)).status, 404);
  const trail = (await admin('GET', '/feedback/audit?action=dead-letters-dropped&limit=1')).body.items[0];
  assert.deepEqual([trail.person, trail.subject, trail.text], ['ann', String(id), '1 letter']);
  await eventually(async () => {
    const metrics: string = (await admin('GET', '/metrics')).body;
    return (
      /verdict_gateway_dead_letters_replayed_total\{outcome="sent"\} \d/.test(metrics) &&
      /verdict_gateway_dead_letters_dropped_total\{cause="asked"\} \d/.test(metrics) &&
      /verdict_dead_letters_waiting\{reason="undecodable"\} 1/.test(metrics)
    );
  });
});

test('while the hub is away a replay is answered with 503, and nothing is noted as replayed', async () => {
  const id = await putAside({ payload: eventOf('shop/away', nowMs) });
  await platform.stopHub();
  const { status, headers } = await admin('POST', '/dead-letters/replays', { ids: [id] });
  assert.deepEqual([status, headers.get('retry-after')], [503, '2']);
  const [row] = await platform.stores.deadLetters.list({ limit: 1 });
  assert.deepEqual([row?.id, row?.replayedAtMs], [id, null]);
});
