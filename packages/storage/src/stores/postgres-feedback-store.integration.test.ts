import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedbackEvent } from '@verdict/contracts';
import { EpochLost } from '@verdict/streams';
import { openStores } from '../open-stores.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const anomalyId = '0123456789abcdef01234567';
const lease = { group: 'default/feedback', partition: '1', holder: 'a' };
const member = { holder: 'a', address: null, pinnedVersion: null };

async function setUp() {
  const db = await tests.database();
  const stores = openStores(db);
  const claimed = await stores.leases.claim({ ...lease, member, expiryMs: 60_000 });
  return { db, stores, epoch: claimed?.epoch ?? 0 };
}

let ids = 0;
function verdict(change: Partial<FeedbackEvent> = {}): FeedbackEvent {
  const feedbackId = `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  return { version: 1, feedbackId, anomalyId, verdict: 'true', person: 'eve', at: ids, ...change };
}

const at = (sequence: number, event: FeedbackEvent) => ({ sequence, event });

test("each person's last word is current, in the order of the stream", async () => {
  const { stores, epoch } = await setUp();
  const events = [
    at(0, verdict({ verdict: 'true', reason: 'deployment', comment: 'rolled back' })),
    at(1, verdict({ verdict: 'false', at: 9 })),
    at(2, verdict({ person: 'bob', at: 3 })),
    at(3, verdict({ person: 'ann', verdict: 'true' })),
    at(4, verdict({ person: 'ann', verdict: 'withdrawn' })),
  ];
  await stores.feedback.record({ ...lease, epoch, checkpoint: 4, events, missed: [], undecodable: [] });
  const current = await stores.feedback.current(anomalyId);
  assert.deepEqual(
    current.map((item) => [item.person, item.verdict, item.reason]),
    [
      ['bob', 'true', null],
      ['eve', 'false', null],
    ],
  );
  assert.equal(await stores.feedback.checkpoint(lease.group, lease.partition), 4);
  assert.equal(await stores.feedback.checkpoint(lease.group, '9'), -1);
});

test('an event that comes again later changes nothing', async () => {
  const { db, stores, epoch } = await setUp();
  const first = verdict({ verdict: 'true' });
  const second = verdict({ verdict: 'false' });
  const record = (checkpoint: number, ...events: FeedbackEvent[]) =>
    stores.feedback.record({
      ...lease,
      epoch,
      checkpoint,
      events: events.map((event, i) => at(checkpoint - events.length + 1 + i, event)),
      missed: [],
      undecodable: [],
    });
  await record(2, first, first, second);
  await record(3, first);
  assert.equal((await stores.feedback.current(anomalyId))[0]?.verdict, 'false');
  assert.deepEqual(await db.query('SELECT count(*) AS n FROM feedback_event'), [{ n: 2 }]);
});

test('a record with an old epoch leaves nothing behind', async () => {
  const { db, stores, epoch } = await setUp();
  await stores.leases.release({ ...lease, epoch });
  await stores.leases.claim({ ...lease, member: { ...member, holder: 'b' }, expiryMs: 60_000 });
  const undecodable = [{ sequence: 1, payload: Buffer.of(1), detail: 'not JSON' }];
  const request = { ...lease, epoch, checkpoint: 1, events: [at(0, verdict())], missed: [], undecodable };
  await assert.rejects(stores.feedback.record(request), EpochLost);
  for (const table of ['feedback_event', 'feedback_current', 'dead_letter'])
    assert.deepEqual(await db.query(`SELECT count(*) AS n FROM ${table}`), [{ n: 0 }], table);
  assert.equal(await stores.feedback.checkpoint(lease.group, lease.partition), -1);
});

test('events that cannot be decoded become dead letters, once', async () => {
  const { stores, epoch } = await setUp();
  const undecodable = [{ sequence: 0, payload: Buffer.of(1), detail: 'a zero \0 in it' }];
  const request = { ...lease, epoch, checkpoint: 0, events: [], missed: [], undecodable };
  await stores.feedback.record(request);
  await stores.feedback.record(request);
  assert.deepEqual(await stores.series.deadLetters(), { undecodable: 1 });
});
