import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextRollout } from './next-rollout.ts';
import { Pool, run } from './rollout.fixture.ts';
import { phaseText } from './rollout-state.ts';

function withCandidate(): Pool {
  const pool = new Pool();
  pool.look();
  pool.versions.push({ version: 2, state: 'accepted' });
  return pool;
}
const old = { version: 1, shadow: null, fallback: 0 };

test('a pool without a newer version is left alone', () => {
  const { plan, events, state } = new Pool().look();
  assert.deepEqual([plan, events, state.phase], [null, [], 'idle']);
  assert.equal(new Pool(null).look().state.candidate, 1);
});

test('a candidate goes from shadow to one partition, to half, to all, and the champion stays as fallback', () => {
  const pool = withCandidate();
  pool.look();
  assert.deepEqual(pool.plan.partitions['0'], { version: 1, shadow: 2, fallback: 0 });
  const served: string[] = [];
  for (let minute = 0; minute < 25; minute += 1) {
    pool.live(60);
    const now = JSON.stringify(pool.served());
    if (served.at(-1) !== now) served.push(now);
  }
  assert.deepEqual(served, ['{"1":8}', '{"1":7,"2":1}', '{"1":4,"2":4}', '{"2":8}']);
  assert.deepEqual(pool.plan.partitions['7'], { version: 2, shadow: null, fallback: 1 });
  assert.deepEqual(pool.said, ['RolloutStarted', 'StepStarted', 'StepStarted', 'StepStarted', 'Promoted']);
  assert.equal(pool.state.phase, 'done');
});

test('in a step the champion is the shadow and the fallback of the candidate', () => {
  const pool = withCandidate();
  pool.live(320);
  const [chosen = ''] = pool.state.chosen;
  assert.deepEqual(pool.plan.partitions[chosen], { version: 2, shadow: 1, fallback: 1 });
  assert.equal(phaseText(pool.state, 3), 'step 1 of 3');
});

test('a candidate that floods people is taken back within one interval, to exactly the plan before, for ever', () => {
  const pool = withCandidate();
  const before = structuredClone(pool.plan.partitions);
  pool.live(320);
  assert.equal(pool.state.phase, 'step');
  pool.candidateRate = 100;
  pool.live(60);
  assert.deepEqual(pool.plan.partitions, before);
  assert.deepEqual([pool.state.phase, pool.state.aborted], ['aborted', [2]]);
  assert.deepEqual(pool.versions, [
    { version: 1, state: 'accepted' },
    { version: 2, state: 'aborted' },
  ]);
  assert.match(pool.state.lastAbort?.reason ?? '', /anomalies in \d+ readings/);
  pool.candidateRate = 1;
  pool.versions = pool.versions.map((one) => ({ ...one, state: 'accepted' as const }));
  pool.live(1000);
  assert.deepEqual(pool.plan.partitions, before);
  pool.versions.push({ version: 3, state: 'accepted' });
  pool.live(2000);
  assert.deepEqual(pool.served(), { 3: 8 });
});

test('the first version of all is taken back to an empty plan', () => {
  const pool = new Pool(null);
  pool.look();
  assert.equal(Object.keys(pool.plan.partitions).length, 8);
  pool.look({ id: 'a', kind: 'abort' });
  assert.deepEqual(pool.plan.partitions, {});
});

test('with a higher failure limit one failure is said and the next one ends it', () => {
  const pool = withCandidate();
  pool.spec = { ...pool.spec, analysis: { ...pool.spec.analysis, failureLimit: 2 } };
  pool.look();
  pool.candidateRate = 100;
  pool.live(20);
  assert.deepEqual(pool.said, ['RolloutStarted', 'AnalysisFailed', 'TakenBack']);
});

test('without readings to judge by a rollout waits and says so once', () => {
  const pool = withCandidate();
  pool.readingsPerSecond = 0;
  pool.live(3600);
  assert.deepEqual([pool.said, pool.state.phase], [['RolloutStarted', 'WaitingForReadings'], 'shadow']);
});

test('a candidate that nobody can serve while events wait is taken back at the deadline', () => {
  const pool = withCandidate();
  pool.look();
  const toMs = pool.nowMs + 600_000;
  const figures = { ...pool.figures(), candidate: run(0), waitingEvents: 7, toMs, watchedMs: 600_000 };
  pool.nowMs = figures.toMs;
  Object.assign(pool, { figures: () => figures });
  pool.look();
  assert.equal(pool.state.lastAbort?.reason, 'no reading was scored while 7 events wait');
});

test('a pause stops the clock of a step and lets a bad candidate be taken back all the same', () => {
  const pool = withCandidate();
  pool.live(400);
  pool.look({ id: 'p', kind: 'pause' });
  pool.live(3600);
  assert.equal(phaseText(pool.state, 3), 'paused in step 1 of 3');
  pool.look({ id: 'r', kind: 'resume' });
  pool.live(190);
  assert.equal(pool.state.step, 0);
  pool.live(60);
  assert.equal(pool.state.step, 1);
  pool.spec = { ...pool.spec, paused: true };
  pool.candidateRate = 100;
  pool.live(60);
  assert.equal(pool.state.phase, 'aborted');
});

test('promote skips what is left, abort goes back, and each command is obeyed once', () => {
  const pool = withCandidate();
  pool.live(20);
  pool.look({ id: '1', kind: 'promote' });
  assert.deepEqual(pool.served(), { 2: 8 });
  pool.versions.push({ version: 3, state: 'accepted' });
  pool.look({ id: '1', kind: 'promote' });
  assert.equal(pool.state.phase, 'shadow');
  pool.look({ id: '2', kind: 'abort' });
  assert.deepEqual([pool.served(), pool.state.aborted], [{ 2: 8 }, [3]]);
  const [refused] = pool.look({ id: '3', kind: 'promote' }).events;
  assert.deepEqual([refused?.reason, refused?.commandId], ['CommandRefused', '3']);
});

test('rolling back goes to any kept version at once, and newer ones do not come again by themselves', () => {
  const pool = withCandidate();
  pool.versions.push({ version: 3, state: 'accepted' }, { version: 4, state: 'refused' });
  pool.look();
  pool.look({ id: '1', kind: 'promote' });
  assert.deepEqual(pool.plan.partitions['0'], { version: 3, shadow: null, fallback: 1 });
  pool.look({ id: '2', kind: 'rollback', version: 1 });
  assert.deepEqual([pool.plan.partitions['0'], pool.state.aborted], [old, [2, 3]]);
  pool.live(3600);
  assert.deepEqual(pool.served(), { 1: 8 });
  assert.match(pool.look({ id: '3', kind: 'rollback', version: 4 }).events[0]?.message ?? '', /refused/);
  pool.look({ id: '4', kind: 'rollback', version: 3 });
  pool.live(3600);
  assert.deepEqual([pool.served(), pool.state.aborted], [{ 3: 8 }, [2]]);
  assert.equal(pool.versions.find(({ version }) => version === 3)?.state, 'accepted');
  pool.look({ id: '5', kind: 'rollback', version: 0 });
  assert.deepEqual(pool.plan.partitions['0'], { version: 0, shadow: null, fallback: null });
});

test('versions that others took out of the registry serve no longer', () => {
  const pool = withCandidate();
  pool.look();
  pool.look({ id: '1', kind: 'promote' });
  pool.versions = [
    { version: 1, state: 'retired' },
    { version: 2, state: 'accepted' },
  ];
  pool.look();
  assert.deepEqual(pool.plan.partitions['0'], { version: 2, shadow: null, fallback: 0 });
  pool.versions = [
    { version: 1, state: 'retired' },
    { version: 2, state: 'aborted' },
  ];
  pool.look();
  assert.deepEqual(pool.served(), { 0: 8 });
});

test('a partition that appears is served by the champion, one that is not told of stays planned', () => {
  const pool = withCandidate();
  pool.versions = [{ version: 1, state: 'accepted' }];
  pool.partitions = ['9'];
  pool.look();
  assert.deepEqual(pool.plan.partitions['9'], old);
  assert.equal(Object.keys(pool.plan.partitions).length, 9);
});

test('where shadows are not scored no plan has one, and the rollout says that it goes without', () => {
  const pool = withCandidate();
  pool.shadowsScored = false;
  const { events, state } = pool.look();
  assert.deepEqual([state.phase, state.step], ['step', 0]);
  assert.match(events[0]?.message ?? '', /without the 300 s in shadow .* score no shadows/);
  assert.ok(Object.values(pool.plan.partitions).every(({ shadow }) => shadow === null));
  pool.live(1200);
  assert.deepEqual(pool.served(), { 2: 8 });
});

test('several commands of one look are obeyed in their order', () => {
  const pool = withCandidate();
  pool.look();
  const commands = ['pause', 'resume', 'promote'] as const;
  const asked = commands.map((kind, index) => ({ id: String(index), kind }));
  const { state } = nextRollout(pool.state, { ...pool.situation(), commands: asked });
  assert.deepEqual([state.phase, state.paused, state.handledCommands], ['done', null, ['0', '1', '2']]);
});

test('what a person took back is remembered as asked for, and the event says that nothing is learnt for a while', () => {
  for (const command of [{ kind: 'abort' as const }, { kind: 'rollback' as const, version: 0 }]) {
    const pool = new Pool();
    pool.versions.push({ version: 2, state: 'accepted' });
    pool.look();
    const { events } = pool.look({ id: '1', ...command });
    assert.match(
      events[0]?.message ?? '',
      /no training starts by itself until 10 new verdicts came or 6 hours/,
    );
    assert.equal(pool.state.lastAbort?.asked, true);
  }
});
