import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeadLetterDetail } from '@verdict/contracts';
import { runCommand, testGateway } from '../testing/run-command.ts';

const letter = (id: number, change: Partial<DeadLetterDetail> = {}): DeadLetterDetail => ({
  id,
  pool: 'default/shop',
  partition: '3',
  sequence: 40 + id,
  series: null,
  time: null,
  reason: 'poisonous',
  detail: 'processing crashed 2 times on this event alone',
  bytes: 77,
  notedAt: '2026-11-22T10:11:12.000Z',
  state: 'waiting',
  replayedAt: null,
  replayedBy: null,
  readings: [{ series: 'shop/cart', time: '2026-11-22T10:00:00.000Z', values: { cpu: 0.5, mem: null } }],
  payload: 'AQID',
  ...change,
});

test('dead letters are listed, and one is shown with its readings', async (context) => {
  const gateway = await testGateway(context);
  const run = (...args: string[]) => runCommand(['dead-letters', ...args, '--url', gateway.url]);
  assert.match((await run()).stdout, /no such dead letters/);
  gateway.deadLetters = [
    letter(2, { reason: 'late', series: 'shop/cart', time: '2026-11-22T10:00:00.000Z' }),
    letter(1, {
      readings: null,
      state: 'replayed',
      replayedBy: 'ann',
      replayedAt: '2026-11-22T11:00:00.000Z',
    }),
  ];
  const listed = await run('list', '--reason', 'late', '--pool', 'default/shop', '--state', 'waiting');
  assert.match(listed.stdout, /2 +2026-11-22 10:11:12 +late +waiting +default\/shop +shop\/cart/);
  assert.ok(
    gateway.asked.at(-1)?.includes('pool=default%2Fshop') && gateway.asked.at(-1)?.includes('reason=late'),
  );
  const shown = await run('show', '2');
  assert.match(shown.stdout, /shop\/cart +2026-11-22 10:00:00 +cpu=0.5 mem=-/);
  assert.match((await run('show', '1')).stdout, /Replayed by ann.*\n.*no readings that can be read/);
  assert.equal((await run('show', '3')).code, 1);
});

test('chosen letters are replayed, or all of a kind part by part, and refusals are told', async (context) => {
  const gateway = await testGateway(context);
  const run = (...args: string[]) => runCommand(['dead-letters', 'replay', ...args, '--url', gateway.url]);
  gateway.deadLetters = [1, 2, 3, 4, 5].map((id) => letter(id));
  assert.equal((await run('1', '2')).stdout, '2 on their way again.\n');
  gateway.replayedAtOnce = 2;
  gateway.refusals.set(3, 'its series have newer readings by now');
  const all = await run('--all', '--reason', 'poisonous');
  assert.equal(all.stdout, '4 on their way again, 1 refused.\n');
  assert.match(all.stderr, /3 is refused: its series have newer readings by now\./);
  assert.deepEqual(gateway.replays, [
    { ids: [1, 2] },
    { all: { reason: 'poisonous' }, after: 0 },
    { all: { reason: 'poisonous' }, after: 2 },
    { all: { reason: 'poisonous' }, after: 4 },
  ]);
  assert.equal((await run('5', '4', '1')).stdout, '3 on their way again.\n');
  assert.deepEqual(gateway.replays.slice(-2), [{ ids: [5, 4, 1] }, { ids: [5] }]);
  assert.equal((await run('3')).code, 1);
  for (const wrong of [[], ['--all', '1'], ['1', '--reason', 'late'], ['x']])
    assert.equal((await run(...wrong)).code, 2, wrong.join(' '));
});

test('letters are dropped', async (context) => {
  const gateway = await testGateway(context);
  const run = (...args: string[]) => runCommand(['dead-letters', 'drop', ...args, '--url', gateway.url]);
  gateway.deadLetters = [1, 2, 3].map((id) => letter(id));
  assert.equal((await run('2')).stdout, '1 dropped.\n');
  assert.equal((await run('--all', '--pool', 'default/shop')).stdout, '2 dropped.\n');
  assert.equal((await run('--all')).stdout, 'There were none.\n');
  assert.deepEqual(gateway.drops, [{ ids: [2] }, { all: { pool: 'default/shop' } }, { all: {} }]);
});
