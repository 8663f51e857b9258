import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelManifest } from '@verdict/contracts';
import { createLogger } from '@verdict/process';
import type { HistoryRows } from '@verdict/storage';
import { shopRows } from '../testing/shop-history.fixture.ts';
import { runTraining, type TrainingOrder } from './run-training.ts';
import { trainingWorld } from './training-world.fixture.ts';

const order: TrainingOrder = {
  namespace: 'default',
  model: 'shop',
  triggerId: 'history-0',
  attempt: 1,
  mostAttempts: 3,
};
const nowMs = Date.now();
const quiet: Record<string, HistoryRows> = Object.fromEntries(
  [1, 2, 3].map((seed) => [`shop/${seed}`, shopRows(seed, 600, nowMs)]),
);

test('quiet history gives an accepted version with its net and manifest', async () => {
  const { parts, memory, blobs } = trainingWorld(quiet);
  const outcome = await runTraining(parts, order);
  assert.equal(outcome.state, 'succeeded', outcome.message);
  assert.equal(outcome.version, 1);
  const version = memory.stored.get(1);
  assert.equal(version?.state, 'accepted');
  const manifest = ModelManifest.parse(version?.manifest);
  assert.deepEqual([manifest.training.series, manifest.training.readings], [3, 1800]);
  assert.ok((blobs.stored.get('models/default/shop/1/model.onnx')?.length ?? 0) > 1000);
  const { state, message } = memory.runs.get('history-0') ?? {};
  assert.deepEqual([state, message], ['succeeded', outcome.message]);
});

test('history in which nothing moves gives a refused version, with the gate it missed', async () => {
  const still = structuredClone(quiet);
  for (const rows of Object.values(still)) rows.values.fill(5);
  const { parts, memory } = trainingWorld(still);
  const outcome = await runTraining(parts, order);
  assert.equal(outcome.state, 'refused');
  assert.match(outcome.message, /refused: /);
  assert.equal(memory.stored.get(1)?.state, 'refused');
  assert.equal(memory.runs.get('history-0')?.state, 'refused');
});

test('too little history is refused in words, and makes no version', async () => {
  const { parts, memory, blobs } = trainingWorld({ 'shop/1': shopRows(1, 60, nowMs) });
  const outcome = await runTraining(parts, order);
  assert.equal(outcome.state, 'refused');
  assert.match(outcome.message, /windows to learn from and \d+ to hold back are too few/);
  assert.deepEqual([memory.stored.size, blobs.stored.size], [0, 0]);
  assert.equal(memory.runs.get('history-0')?.message, outcome.message);
});

test('a trigger that was answered is not answered again', async () => {
  const { parts, memory } = trainingWorld({});
  await runTraining(parts, order);
  const again = await runTraining(parts, order);
  assert.deepEqual([again.state, again.version], ['skipped', null]);
  assert.equal((await runTraining(parts, { ...order, triggerId: 'history-1' })).state, 'refused');
  assert.equal(memory.runs.size, 2);
});

test('a training that was stopped half-way stays begun, and the next attempt goes on with it', async () => {
  const { parts, memory, life } = trainingWorld(quiet);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const info = (fields: object) => {
    if ('phase' in fields && fields.phase === 'fitting') life.abort();
  };
  await assert.rejects(runTraining({ ...parts, logger: Object.assign(logger, { info }) }, order), {
    name: 'AbortError',
  });
  assert.equal(memory.runs.get('history-0')?.state, 'running');
  const outcome = await runTraining({ ...parts, signal: new AbortController().signal }, order);
  assert.equal(outcome.state, 'succeeded', outcome.message);
});

test('what goes wrong is recorded at the last attempt, not before', async () => {
  const { parts, memory } = trainingWorld(quiet);
  const broken = { ...parts, plans: { ...parts.plans, pools: async () => [] } };
  const message = 'no pool serves model default/shop, so it has no history';
  await assert.rejects(runTraining(broken, order), { message });
  assert.equal(memory.runs.get('history-0')?.state, 'running');
  await assert.rejects(runTraining(broken, { ...order, attempt: 3 }), { message });
  assert.deepEqual(memory.runs.get('history-0')?.state, 'failed');
  assert.equal(memory.runs.get('history-0')?.message, message);
});

test('when all attempts were killed, one more records that and trains nothing', async () => {
  const { parts, memory } = trainingWorld(quiet);
  await parts.registry.beginTraining(order);
  await assert.rejects(runTraining(parts, { ...order, attempt: 4 }), /all 3 attempts ended before/);
  const run = memory.runs.get('history-0');
  assert.deepEqual([run?.state, run?.message], ['failed', 'all 3 attempts ended before they had a result']);
  assert.equal(memory.stored.size, 0);
});

test('a model that is not there is told, and nothing is recorded', async () => {
  const { parts, memory } = trainingWorld({});
  await assert.rejects(runTraining(parts, { ...order, model: 'shoes' }), /there is no model default\/shoes/);
  assert.equal(memory.runs.size, 0);
});
