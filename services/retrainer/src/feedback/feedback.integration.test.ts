import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { type Database, openStores } from '@verdict/storage';
import { storeTest } from '@verdict/storage/testing';
import { EpochLost } from '@verdict/streams';
import { retrainerTest } from '../testing/retrainer-process.fixture.ts';
import { bodyOf, eventually, sampleVerdict } from '../testing/sample-feedback.fixture.ts';
import { consumeFeedback } from './consume-feedback.ts';

const tests = storeTest();
const group = 'default/feedback';
const { openHub, startProcess, withSink } = retrainerTest(['one', 'two', 'three']);

const recorded = async (db: Database) =>
  (await db.query<{ n: number }>('SELECT count(*) AS n FROM feedback_event'))[0]?.n ?? 0;

test('verdicts are recorded once, over kills, restarts and repeated sends', {
  timeout: 120_000,
}, async () => {
  const db = await tests.database();
  const { feedback } = openStores(db);
  const anomalyId = '00112233445566778899aabb';
  const judge = (person: string, verdict: 'true' | 'false') =>
    bodyOf(sampleVerdict({ anomalyId, person, verdict }));
  await withSink('one', async (sink) => {
    const first = [judge('ada', 'false'), judge('bob', 'true'), judge('ada', 'true')];
    await sink.send('0', first);
    const killed = await startProcess(db, 'one');
    await eventually(async () => (await recorded(db)) === 3);
    await killed.end('SIGKILL');
    await sink.send('0', [...first, judge('eve', 'false')]);
    await sink.send('1', [judge('joe', 'true')]);
    const next = await startProcess(db, 'one');
    await eventually(async () => (await recorded(db)) === 5);
    const metrics = await next.metrics();
    assert.match(metrics, /verdict_feedback_events_total\{kind="verdict"\} [45]/);
    assert.equal((await fetch(`http://127.0.0.1:${next.port}/readyz`)).status, 200);
    assert.equal(await next.end('SIGTERM'), 0);
  });
  assert.deepEqual(
    (await feedback.current(anomalyId)).map(({ person, verdict }) => [person, verdict]).sort(),
    [
      ['ada', 'true'],
      ['bob', 'true'],
      ['eve', 'false'],
      ['joe', 'true'],
    ],
  );
  // A clean stop gives its partitions back at once.
  const held = await db.query('SELECT partition FROM lease WHERE grp = $1 AND holder IS NOT NULL', [group]);
  assert.deepEqual(held, []);
});

test('garbage goes to dead letters, and text that the database cannot keep is kept without it', async () => {
  const db = await tests.database();
  const { series, feedback } = openStores(db);
  const odd = sampleVerdict({ reason: 'a\0b', comment: '\0', person: 'zoë \ud800' });
  await withSink('two', async (sink) => {
    await sink.send('1', [bodyOf('not JSON'), bodyOf('{"version":2}'), new Uint8Array([0xff]), bodyOf(odd)]);
  });
  const running = await startProcess(db, 'two');
  await eventually(async () => (await recorded(db)) === 1);
  assert.deepEqual(await series.deadLetters(), { undecodable: 3 });
  assert.equal((await feedback.current(odd.anomalyId))[0]?.reason, 'ab');
  await running.end('SIGTERM');
});

test('who holds an old epoch writes nothing', async () => {
  const db = await tests.database();
  const { feedback, leases } = openStores(db);
  const member = (holder: string) => ({ holder, address: null, pinnedVersion: null });
  const claim = async (holder: string) =>
    (await leases.claim({ group, partition: '0', member: member(holder), expiryMs: 60_000 }))?.epoch ?? 0;
  const old = await claim('old');
  await leases.release({ group, partition: '0', holder: 'old', epoch: old });
  const newer = await claim('new');
  assert.equal(newer, old + 1);
  await withSink('three', (sink) => sink.send('0', [bodyOf(sampleVerdict())]));
  const source = openHub('three').source();
  const consume = (holder: string, epoch: number, signal: AbortSignal) =>
    consumeFeedback(
      {
        source,
        store: feedback,
        consumerGroup: 'retrainer',
        group,
        holder,
        logger: createLogger({ name: 'test', level: 'silent' }),
        clock: systemClock,
        onRecorded: () => undefined,
      },
      { partition: '0', epoch, signal },
    );
  try {
    await assert.rejects(consume('old', old, new AbortController().signal), EpochLost);
    assert.equal(await recorded(db), 0);
    assert.equal(await feedback.checkpoint(group, '0'), -1);
    const stop = new AbortController();
    const consuming = consume('new', newer, stop.signal);
    await eventually(async () => (await recorded(db)) === 1);
    stop.abort();
    await consuming;
    assert.equal(await feedback.checkpoint(group, '0'), 0);
  } finally {
    await source.close();
  }
});
