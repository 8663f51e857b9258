import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { RolloutRecord, type RolloutState } from '@verdict/contracts';
import { openStores } from '../open-stores.ts';
import { TooManyCommands } from '../ports/feedback-loop-stores.ts';
import { rolloutState } from '../testing/sample-rollout.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const pool = 'default/shop';
const nothing: RolloutRecord = { revision: 0, state: null, baseline: null, events: [], commands: [] };

const update = (change: Partial<RolloutState> = {}) => ({
  state: rolloutState(change),
  baseline: null,
  events: [],
});

test('a rollout is there as it was written last, with its events in order', async () => {
  const { rollouts } = openStores(await tests.database());
  assert.deepEqual(await rollouts.get(pool), nothing);
  const figures = { version: 0, readings: 3, anomalies: 0, alarms: 0, quieted: 0, errors: 0 };
  const partitions = { '3': [{ ...figures, since: '2026-01-01T00:00:00.000Z' }] };
  const baseline = { atMs: 5, partitions, shadows: {} };
  const started = { reason: 'RolloutStarted' as const, message: 'version 1 is rolled out' };
  const first = await rollouts.put(pool, 0, { state: rolloutState(), baseline, events: [started] });
  assert.deepEqual(RolloutRecord.parse(first), first);
  assert.deepEqual(await rollouts.get(pool), first);
  assert.deepEqual([first?.revision, first?.state, first?.baseline], [1, rolloutState(), baseline]);
  const promoted = { reason: 'Promoted' as const, message: 'version 1 serves' };
  await rollouts.put(pool, 1, { ...update({ phase: 'done' }), events: [promoted] });
  const { events, baseline: after } = await rollouts.get(pool);
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ['RolloutStarted', 'Promoted'],
  );
  assert.equal(after, null);
  assert.ok(Math.abs(Date.now() - Date.parse(events[1]?.at ?? '')) < 60_000);
});

test('of those who write at once one wins, and an old revision is refused', async () => {
  const { rollouts } = openStores(await tests.database());
  for (let revision = 0; revision < 3; revision++) {
    const writes = await Promise.all(
      [1, 2, 3, 4].map((step) => rollouts.put(pool, revision, update({ step }))),
    );
    const won = writes.filter((record) => record !== null);
    assert.equal(won.length, 1);
    assert.deepEqual(await rollouts.get(pool), won[0]);
  }
  assert.equal(await rollouts.put(pool, 2, update()), null);
  assert.equal(await rollouts.put(pool, 9, update()), null);
  assert.equal(await rollouts.put('default/other', 1, update()), null);
  assert.deepEqual(await rollouts.get('default/other'), nothing);
});

test('a hundred events are kept, the newest', async () => {
  const { rollouts } = openStores(await tests.database());
  for (let revision = 0; revision < 3; revision++) {
    const events = Array.from({ length: 45 }, (_, n) => ({
      reason: 'Paused' as const,
      message: `${45 * revision + n}`,
    }));
    await rollouts.put(pool, revision, { ...update(), events });
  }
  const { events } = await rollouts.get(pool);
  assert.deepEqual(
    events.map(({ message }) => Number(message)),
    Array.from({ length: 100 }, (_, n) => 35 + n),
  );
});

test('commands wait until they are obeyed, and change no revision', async () => {
  const { rollouts } = openStores(await tests.database());
  await rollouts.command(pool, 'a', { kind: 'pause' });
  await Promise.all([
    rollouts.command(pool, 'b', { kind: 'rollback', version: 2 }),
    rollouts.command(pool, 'b', { kind: 'rollback', version: 2 }),
  ]);
  const commands = [
    { id: 'a', kind: 'pause' as const },
    { id: 'b', kind: 'rollback' as const, version: 2 },
  ];
  assert.deepEqual(await rollouts.get(pool), { ...nothing, commands });
  const obeyed = await rollouts.put(pool, 0, update({ handledCommands: ['a', 'older'] }));
  assert.deepEqual(obeyed?.commands, commands.slice(1));
  await rollouts.command(pool, 'a', { kind: 'pause' });
  assert.deepEqual(
    (await rollouts.get(pool)).commands,
    commands.slice(1),
    'what was obeyed is not noted again',
  );
  assert.equal((await rollouts.get(pool)).revision, 1);
});

test('ten commands may wait, and no more, whoever asks', async () => {
  const { rollouts } = openStores(await tests.database());
  const asked = await Promise.allSettled(
    Array.from({ length: 13 }, (_, n) => rollouts.command(pool, `c${n}`, { kind: 'resume' })),
  );
  const refused = asked.filter((answer) => answer.status === 'rejected');
  assert.equal(refused.length, 3);
  for (const { reason } of refused) assert.ok(reason instanceof TooManyCommands);
  assert.equal((await rollouts.get(pool)).commands.length, 10);
});

test('who listens hears of each event of a pool', async () => {
  const { rollouts, changes } = openStores(await tests.database());
  const heard: unknown[] = [];
  const listener = await changes.listen(
    (change) => heard.push(change),
    () => undefined,
  );
  const event = (message: string) => ({ reason: 'StepStarted' as const, message });
  await rollouts.put(pool, 0, update());
  await rollouts.put(pool, 0, { ...update(), events: [event('refused')] });
  await rollouts.put(pool, 1, { ...update(), events: [event('one'), event('two')] });
  for (let attempt = 0; heard.length < 2 && attempt < 2_000; attempt++) await sleep(5);
  await listener.stop();
  const told = { topic: 'pool', namespace: 'default', name: 'shop' };
  assert.deepEqual(heard, [
    { ...told, event: 'one' },
    { ...told, event: 'two' },
  ]);
});
