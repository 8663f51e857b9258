import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { EpochLost, InMemoryHub, OwnershipLost, StreamUnavailable } from '@verdict/streams';
import { InMemoryFeedback } from '../testing/in-memory-feedback.fixture.ts';
import { bodyOf, eventually, sampleMissed, sampleVerdict } from '../testing/sample-feedback.fixture.ts';
import { consumeFeedback } from './consume-feedback.ts';
import type { ReadVerdicts } from './read-verdicts.ts';

function feedbackOf(hub: InMemoryHub, store = new InMemoryFeedback()) {
  const sink = hub.sink();
  const counted = { verdicts: 0, missed: 0, undecodable: 0 };
  const parts = {
    source: hub.source(),
    store,
    consumerGroup: 'retrainer',
    group: 'default/feedback',
    holder: 'me',
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: systemClock,
    onRecorded: ({ events, missed, undecodable }: ReadVerdicts) => {
      counted.verdicts += events.length;
      counted.missed += missed.length;
      counted.undecodable += undecodable.length;
    },
  };
  /** Consumes partition 0 from now on. */
  const consume = (epoch = 1) => {
    const stop = new AbortController();
    const ended = consumeFeedback(parts, { partition: '0', epoch, signal: stop.signal });
    ended.catch(() => undefined);
    return {
      ended,
      stop: () => {
        stop.abort();
        return ended;
      },
    };
  };
  const send = (...contents: Parameters<typeof bodyOf>[0][]) => sink.send('0', contents.map(bodyOf));
  return { store, send, consume, counted };
}
const one = () => new InMemoryHub({ partitionCount: 1 });

test('verdicts are recorded in order, also those that were there before', async () => {
  const { store, send, consume, counted } = feedbackOf(one());
  const [first, second, third] = [sampleVerdict(), sampleVerdict({ verdict: 'true' }), sampleVerdict()];
  await send(first, second);
  const consumer = consume();
  await eventually(() => store.events.length === 2);
  await send(third);
  await eventually(() => store.events.length === 3);
  assert.deepEqual(store.events, [first, second, third]);
  await consumer.stop();
  assert.deepEqual(counted, { verdicts: 3, missed: 0, undecodable: 0 });
});

test('reports of missed anomalies are recorded beside verdicts', async () => {
  const { store, send, consume, counted } = feedbackOf(one());
  const report = sampleMissed();
  await send(report, sampleVerdict());
  const consumer = consume();
  await eventually(() => store.checkpoints.get('0') === 1);
  assert.deepEqual(store.missed, [report]);
  await consumer.stop();
  assert.deepEqual(counted, { verdicts: 1, missed: 1, undecodable: 0 });
});

test('a restart goes on behind the checkpoint, and what is delivered again counts once', async () => {
  const { store, send, consume } = feedbackOf(one());
  const repeated = sampleVerdict();
  await send(repeated);
  let consumer = consume();
  await eventually(() => store.checkpoints.get('0') === 0);
  await consumer.stop();
  store.newestEpoch = 2;
  consumer = consume(2);
  await send(repeated, sampleVerdict());
  await eventually(() => store.checkpoints.get('0') === 2);
  assert.equal(store.events.length, 2);
  await consumer.stop();
});

test('what is no verdict becomes a dead letter and stops nobody', async () => {
  const { store, send, consume, counted } = feedbackOf(one());
  await send('{', sampleVerdict());
  const consumer = consume();
  await eventually(() => store.events.length === 1);
  assert.deepEqual(
    store.undecodable.map(({ sequence }) => sequence),
    [0],
  );
  await consumer.stop();
  assert.deepEqual(counted, { verdicts: 1, missed: 0, undecodable: 1 });
});

test('a verdict whose content the database refuses becomes a dead letter, its neighbours are recorded', async () => {
  const { store, send, consume, counted } = feedbackOf(one());
  store.refusedPersons.add('eve');
  await send(sampleVerdict(), sampleVerdict({ person: 'eve' }), sampleVerdict());
  const consumer = consume();
  await eventually(() => store.checkpoints.get('0') === 2);
  assert.deepEqual(
    store.events.map(({ person }) => person),
    ['ada', 'ada'],
  );
  assert.match(store.undecodable[0]?.detail ?? '', /the database refused it: violates a constraint/);
  await consumer.stop();
  assert.deepEqual(counted, { verdicts: 2, missed: 0, undecodable: 1 });
});

test('while the database is away nothing is lost', async () => {
  const { store, send, consume } = feedbackOf(one());
  const consumer = consume();
  await send(sampleVerdict());
  await eventually(() => store.events.length === 1);
  store.available = false;
  await send(sampleVerdict(), sampleVerdict());
  await eventually(() => store.records >= 2);
  store.available = true;
  await eventually(() => store.events.length === 3);
  await consumer.stop();
});

test('a stop while the database is away does not wait for it', async () => {
  const { store, consume } = feedbackOf(one());
  store.available = false;
  await consume().stop();
});

test('who has lost the partition records nothing and says so', async () => {
  const { store, send, consume } = feedbackOf(one());
  const zombie = consume(1);
  store.newestEpoch = 2;
  await send(sampleVerdict());
  await assert.rejects(zombie.ended, EpochLost);
  assert.equal(store.events.length, 0);
});

test('a reader with a higher epoch takes the partition over', async () => {
  const { store, send, consume } = feedbackOf(one());
  const old = consume(1);
  await send(sampleVerdict());
  await eventually(() => store.events.length === 1);
  store.newestEpoch = 2;
  const next = consume(2);
  await assert.rejects(old.ended, OwnershipLost);
  await send(sampleVerdict());
  await eventually(() => store.events.length === 2);
  await next.stop();
});

test('an outage of the hub is told to whoever owns the partition', async () => {
  const hub = one();
  const { consume } = feedbackOf(hub);
  const consumer = consume();
  hub.setAvailable(false);
  await assert.rejects(consumer.ended, StreamUnavailable);
});

test('a hub that ends before the checkpoint was replaced: its verdicts are not passed over in silence', async () => {
  const store = new InMemoryFeedback();
  store.checkpoints.set('0', 41);
  const { send, consume } = feedbackOf(one(), store);
  await send(sampleVerdict());
  await assert.rejects(consume().ended, {
    name: 'StreamUnavailable',
    message: /the feedback hub was replaced: partition 0 ends at 0, before the checkpoint 41/,
  });
});
