import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AuditQuery, type FeedbackEvent, FloodsQuery, MissedEvent } from '@verdict/contracts';
import { openStores, type Stores } from '../../open-stores.ts';
import type { AnswerFacts } from '../../ports/answer-store.ts';
import { anomalyWriter, recordFeedback } from '../../testing/fill-stores.ts';
import { sampleAnomaly } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';

const tests = storeTest();
const idOf = (n: number) => n.toString(16).padStart(24, '0');
const startMs = 1_700_000_000_000;
const dayMs = 86_400_000;
const model = { namespace: 'default', model: 'shop' };

/** Admits answers of eve by a rule that sees a flood above three within a minute. */
function admitter({ answers }: Stores, person = 'eve') {
  const seen: AnswerFacts[] = [];
  const admit = (atMs: number) =>
    answers.admit<string>({
      person,
      atMs,
      historyAbove: 3,
      holdMs: 5_000,
      rule: (facts) => {
        seen.push(facts);
        if (facts.hour.answers >= 100) return { refusal: 'too many' };
        return { flood: facts.lastMinute > 3 ? { limit: 3, usual: null } : null };
      },
    });
  return { admit, seen };
}

function said(n: number, atMs: number, change: Partial<FeedbackEvent> = {}): FeedbackEvent {
  const feedbackId = crypto.randomUUID();
  return { version: 1, feedbackId, anomalyId: idOf(n), verdict: 'false', person: 'eve', at: atMs, ...change };
}
const record = (stores: Stores, ...events: FeedbackEvent[]) =>
  recordFeedback(stores, (sequence) => ({
    missed: [],
    events: events.map((event) => ({ sequence, event })),
  }));
const labels = async ({ labels: store }: Stores) =>
  (await store.anomalies({ ...model, fromMs: 0, toMs: startMs + dayMs, limit: 10 }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ verdicts, unheard }) => [verdicts.map(({ person, verdict }) => `${person} ${verdict}`), unheard]);

async function judged() {
  const stores = openStores(await tests.database());
  const write = await anomalyWriter(stores);
  await write(...[1, 2].map((n) => sampleAnomaly({ id: idOf(n), startMs, endMs: startMs, peakMs: startMs })));
  return stores;
}

test('answers are counted per person in rolling times, and taken back when they could not be sent', async () => {
  const stores = openStores(await tests.database());
  const { admit, seen } = admitter(stores);
  await admit(startMs);
  await admit(startMs + 1_000);
  await admit(startMs + 40_000);
  await admitter(stores, 'ann').admit(startMs + 41_000);
  await stores.answers.release('eve', startMs + 40_000);
  await admit(startMs + 65_000);
  const [last] = seen.slice(-1);
  assert.equal(last?.lastMinute, 1);
  assert.deepEqual(last?.hour, { answers: 2, freesAtMs: startMs + 3_600_000 });
  assert.deepEqual(last?.day, { answers: 2, freesAtMs: startMs + dayMs });
  await admit(startMs + dayMs);
  assert.deepEqual(seen.at(-1)?.day.answers, 1);
});

test('answers of many at once are counted one by one', async () => {
  const stores = openStores(await tests.database());
  const { admit, seen } = admitter(stores);
  const all = await Promise.all(Array.from({ length: 20 }, () => admit(startMs)));
  assert.deepEqual(
    seen.map(({ lastMinute }) => lastMinute).toSorted((a, b) => a - b),
    [...Array.from({ length: 20 }, (_, index) => index + 1)],
  );
  assert.equal(all.filter((one) => 'raised' in one && one.raised).length, 1);
  assert.equal((await stores.answers.floods(FloodsQuery.parse({})))[0]?.perMinute, 20);
});

test('a refused answer is not counted', async () => {
  const stores = openStores(await tests.database());
  const { admit, seen } = admitter(stores);
  for (let n = 0; n < 100; n += 1) await admit(startMs + n * 30_000);
  for (let n = 0; n < 3; n += 1) assert.deepEqual(await admit(startMs + 3_000_000), { refusal: 'too many' });
  assert.equal(seen.at(-1)?.hour.answers, 100);
});

test('earlier minutes are those of the last 30 days but for the last hour and what is held', async () => {
  const stores = openStores(await tests.database());
  const { admit, seen } = admitter(stores);
  await admit(startMs - 31 * dayMs);
  await admit(startMs - 3 * dayMs);
  await admit(startMs - 2 * dayMs);
  await admit(startMs - 2 * dayMs + 1_000);
  await admit(startMs - 1_000_000);
  for (let n = 0; n < 4; n += 1) await admit(startMs);
  assert.deepEqual(seen.at(-1)?.earlierMinutes.toSorted(), [1, 2]);
  for (let n = 0; n < 4; n += 1) await admit(startMs + 2 * 3_600_000);
  assert.deepEqual(seen.at(-1)?.earlierMinutes.toSorted(), [1, 1, 2], 'without the first flood');
  const [, first] = await stores.answers.floods(FloodsQuery.parse({}));
  assert.ok(first);
  await stores.answers.review(first.id, { decision: 'accept', by: 'root', atMs: startMs + 1 });
  await admit(startMs + 2 * 3_600_000);
  assert.deepEqual(seen.at(-1)?.earlierMinutes.toSorted(), [1, 1, 2, 4], 'what was accepted is usual');
});

test('what was answered in a flood counts for nothing until it is accepted, and what was said before stands', async () => {
  const stores = await judged();
  const { admit } = admitter(stores);
  await record(stores, said(1, startMs - 900_000, { verdict: 'true' }));
  const verdicts = () => stores.labels.verdicts({ ...model, version: 0, limit: 10 });
  assert.equal(await stores.labels.reviews(), 0);
  for (let n = 0; n < 3; n += 1) await admit(startMs + n);
  await record(stores, said(1, startMs), said(2, startMs + 1), said(2, startMs, { person: 'ann' }));
  assert.deepEqual(await labels(stores), [
    [['eve false'], undefined],
    [['ann false', 'eve false'], undefined],
  ]);
  const { floodId, raised } = (await admit(startMs + 3)) as { floodId: string; raised: boolean };
  assert.ok(raised);
  assert.deepEqual(await labels(stores), [
    [['eve true'], undefined],
    [['ann false'], ['eve']],
  ]);
  assert.equal((await verdicts()).length, 2);
  const shown = (await stores.anomalies.get(idOf(2)))?.verdicts;
  assert.deepEqual(
    shown?.map(({ person, uncounted }) => [person, uncounted]),
    [
      ['ann', undefined],
      ['eve', 'held'],
    ],
  );
  const [flood] = await stores.answers.floods(FloodsQuery.parse({ state: 'open' }));
  assert.deepEqual([flood?.id, flood?.perMinute, flood?.answers.false], [floodId, 4, 2]);
  const before = await stores.labels.reviews();
  const review = { decision: 'accept' as const, note: 'was on call', by: 'root', atMs: startMs + 9 };
  assert.equal((await stores.answers.review(floodId, review))?.changed, true);
  assert.ok((await stores.labels.reviews()) > before);
  assert.deepEqual(await labels(stores), [
    [['eve false'], undefined],
    [['ann false', 'eve false'], undefined],
  ]);
  const again = await stores.answers.review(floodId, { ...review, decision: 'discard' });
  assert.deepEqual(
    [again?.changed, again?.flood.state, again?.flood.reviewedBy],
    [false, 'accepted', 'root'],
  );
  assert.equal(await stores.answers.review(crypto.randomUUID(), review), null);
});

test('what was discarded never counts, and a new flood begins after the review', async () => {
  const stores = await judged();
  const { admit } = admitter(stores);
  for (let n = 0; n < 4; n += 1) await admit(startMs + n);
  await record(stores, said(1, startMs), said(2, startMs + 11));
  const [flood] = await stores.answers.floods(FloodsQuery.parse({}));
  assert.ok(flood);
  await stores.answers.review(flood.id, { decision: 'discard', by: 'root', atMs: startMs + 10 });
  assert.deepEqual(await labels(stores), [
    [[], ['eve']],
    [['eve false'], undefined],
  ]);
  assert.equal((await stores.anomalies.get(idOf(1)))?.verdicts[0]?.uncounted, 'discarded');
  const after = [];
  for (let n = 0; n < 4; n += 1) after.push(await admit(startMs + 11 + n));
  assert.deepEqual(
    after.map((one) => 'raised' in one && one.raised),
    [false, false, false, true],
  );
  const [second] = await stores.answers.floods(FloodsQuery.parse({ state: 'open' }));
  assert.ok(Date.parse(second?.from ?? '') > startMs + 10);
});

test('answers without the right to teach are shown and count for nothing', async () => {
  const stores = await judged();
  await record(stores, said(1, startMs, { teaches: false }), said(1, startMs, { person: 'ann' }));
  await recordFeedback(stores, (sequence) => ({
    events: [],
    missed: [true, false].map((teaches, index) => ({
      sequence,
      event: MissedEvent.parse({
        version: 1,
        kind: 'missed',
        reportId: crypto.randomUUID(),
        withdrawn: false,
        series: 'shop/cart',
        from: index,
        to: index,
        person: 'eve',
        at: startMs + index,
        teaches,
      }),
    })),
  }));
  assert.deepEqual((await labels(stores))[0], [['ann false'], ['eve']]);
  const shown = (await stores.anomalies.get(idOf(1)))?.verdicts;
  assert.deepEqual(
    shown?.map(({ uncounted }) => uncounted),
    [undefined, 'no-right'],
  );
  const missed = (uncounted: boolean) => stores.labels.missed({ fromMs: 0, toMs: 9, limit: 9, uncounted });
  assert.deepEqual(
    (await missed(true)).map(({ uncounted }) => uncounted),
    [undefined, 'no-right'],
  );
  assert.equal((await missed(false)).length, 1);
});

test('the trail says who answered what and what it was before, page by page, newest first', async () => {
  const stores = await judged();
  const { admit } = admitter(stores);
  await record(
    stores,
    said(1, startMs, { verdict: 'true', reason: 'deployment', comment: 'seen by me' }),
    said(1, startMs + 1),
    said(2, startMs + 1, { person: 'ann', teaches: false }),
  );
  for (let n = 0; n < 4; n += 1) await admit(startMs + 600_000);
  const audit = (query: object = {}) => stores.answers.audit(AuditQuery.parse(query));
  const { items } = await audit();
  assert.deepEqual(
    items.map(({ person, action, verdict, before, uncounted }) => [
      person,
      action,
      verdict,
      before,
      uncounted,
    ]),
    [
      ['eve', 'flood-raised', null, null, null],
      ['ann', 'verdict', 'false', null, 'no-right'],
      ['eve', 'verdict', 'false', 'true', null],
      ['eve', 'verdict', 'true', null, null],
    ],
  );
  assert.deepEqual([items[3]?.text, items[3]?.series], ['deployment', 'shop/cart']);
  const paged = [];
  for (let next: string | null = null, page = 0; page < 9; page += 1) {
    const found = await audit({ limit: 1, ...(next !== null && { next }) });
    paged.push(...found.items);
    next = found.next;
    if (next === null) break;
  }
  assert.deepEqual(paged, items);
  assert.equal((await audit({ person: 'ann' })).items.length, 1);
  assert.equal((await audit({ anomaly: idOf(1) })).items.length, 2);
  assert.equal((await audit({ from: new Date(startMs + 1).toISOString() })).items.length, 3);
});
