import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RolloutRecord } from '@verdict/contracts';
import { eventsSince } from '../rollout/obeyed.ts';
import { tableWidth } from '../table.ts';
import { runCommand, testGateway } from '../testing/run-command.ts';
import { samplePool, sampleState } from '../testing/samples.ts';

const at = '2026-11-22T17:00:00.000Z';
type Events = RolloutRecord['events'];

async function shopGateway(context: TestContext) {
  const gateway = await testGateway(context);
  gateway.pools.push(samplePool());
  const run = (...args: string[]) => runCommand(['rollout', ...args, '--url', gateway.url]);
  /** The next command is obeyed at once, with these events. */
  const obeyed = (...events: Omit<Events[number], 'at'>[]) =>
    gateway.next('POST /pools/shop/rollout/commands', () => {
      const before = gateway.pools[0]?.rollout.events ?? [];
      gateway.pools = [
        samplePool({
          state: { ...sampleState, handledCommands: [`command-${gateway.commands.length}`] },
          events: [...before, ...events.map((event) => ({ ...event, at }))],
        }),
      ];
    });
  return { gateway, run, obeyed };
}

test('a rollout is shown with its step, its partitions, analyses and events', async (context) => {
  const { gateway, run } = await shopGateway(context);
  const { stdout, code, stderr } = await run('status', 'shop');
  assert.equal(code, 0, stderr);
  assert.match(stdout, /version 2 against version 1, step 2 of 3 \(50 %: partitions 0, 3\)/);
  assert.match(stdout, /^0 +v2 +v2 \+ v1 +4000 +0\.5 +3 +0 +2 +detector-1$/m);
  assert.match(
    stdout,
    /^shadow: version 1 beside 2, 30 of 4000 readings judged differently,\n {2}2 vs 0\.5 would-be anomalies per 1000$/m,
  );
  assert.match(stdout, /2026-11-22 16:00:00 +passed +0\.4 anomalies per 1000/);
  assert.match(stdout, /StepStarted +Version 2 serves 2 of 4 partitions/);
  for (const line of stdout.split('\n')) assert.ok(line.length <= tableWidth, line);
  assert.deepEqual(JSON.parse((await run('status', 'shop', '--json')).stdout), gateway.pools[0]);
});

test('a pause and an earlier return are told, and so is a pool without a rollout', async (context) => {
  const { gateway, run } = await shopGateway(context);
  const atMs = Date.parse(at);
  const lastAbort = { version: 2, atMs, reason: 'it failed too often', asked: false };
  const paused = { sinceMs: atMs, by: 'command' as const };
  const state = {
    ...sampleState,
    phase: 'aborted' as const,
    candidate: null,
    lastAbort,
    paused,
    aborted: [2],
  };
  gateway.pools = [samplePool({ state })];
  const { stdout } = await run('status', 'shop');
  assert.match(stdout, /version 1 serves again, the last rollout was taken back\npaused by command since/);
  assert.match(stdout, /version 2 was taken back 2026-11-22 17:00:00: it failed too often/);
  gateway.pools = [samplePool({ state: null, events: [] })];
  assert.match((await run('status', 'shop')).stdout, /no rollout yet/);
  assert.match(
    (await run('status', 'other')).stderr,
    /no pool other in the namespace default; there are shop/,
  );
});

test('every command waits until it was obeyed and says what happened', async (context) => {
  const { gateway, run, obeyed } = await shopGateway(context);
  for (const kind of ['pause', 'resume', 'promote', 'abort'] as const) {
    obeyed({ reason: 'Paused', message: `Somebody said ${kind}` });
    const { stdout, code, stderr } = await run(kind, 'shop');
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `Somebody said ${kind}.\n`);
  }
  obeyed({ reason: 'RolledBack', message: 'Every partition returns to version 0' });
  const back = await run('rollback', 'shop', 'v0', '--json');
  assert.equal(back.code, 0, back.stderr);
  assert.deepEqual(JSON.parse(back.stdout), {
    id: 'command-5',
    obeyed: true,
    events: [{ at, reason: 'RolledBack', message: 'Every partition returns to version 0' }],
  });
  assert.deepEqual(
    gateway.commands.map(({ command }) => command),
    [
      { kind: 'pause' },
      { kind: 'resume' },
      { kind: 'promote' },
      { kind: 'abort' },
      { kind: 'rollback', version: 0 },
    ],
  );
});

test('a command that is refused fails with the reason', async (context) => {
  const { run, obeyed } = await shopGateway(context);
  obeyed({ reason: 'CommandRefused', message: 'it is paused already' });
  const { code, stderr, stdout } = await run('pause', 'shop');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /pause was refused: it is paused already\./);
});

test("another's command that is refused meanwhile is not taken for one's own", async (context) => {
  const { run, obeyed } = await shopGateway(context);
  obeyed(
    { reason: 'CommandRefused', message: 'it is not paused', commandId: 'of-another' },
    { reason: 'Paused', message: 'Rollouts are paused by command', commandId: 'command-1' },
  );
  const { code, stdout, stderr } = await run('pause', 'shop');
  assert.equal(code, 0, stderr);
  assert.equal(stdout, 'Rollouts are paused by command.\n');
});

test('a command that nobody obeys fails when the time is up', async (context) => {
  const { run } = await shopGateway(context);
  const { code, stderr } = await run('promote', 'shop', '--timeout', '600ms');
  assert.equal(code, 1);
  assert.match(stderr, /not obeyed within 1s\. It stays noted; see "verdict rollout status shop"/);
});

test('wrong usage ends with 2', async () => {
  for (const args of [
    [],
    ['status'],
    ['pause'],
    ['rollback', 'shop'],
    ['rollback', 'shop', 'newest'],
    ['stop', 'shop'],
  ])
    assert.equal((await runCommand(['rollout', ...args])).code, 2, args.join(' '));
});

test('what happened since is what was added at the end, also when the list forgot its oldest', () => {
  const event = (message: string) => ({ at, reason: 'Paused' as const, message });
  const [a, b, c] = [event('a'), event('b'), event('c')];
  assert.deepEqual(eventsSince([], [a]), [a]);
  assert.deepEqual(eventsSince([a, b], [b, c]), [c]);
  assert.deepEqual(eventsSince([a], [a]), []);
});
