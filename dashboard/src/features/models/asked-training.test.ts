import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingRunView } from '@verdict/contracts';
import { askedTraining } from './asked-training.ts';

const run = (triggerId: string, state: TrainingRunView['state']): TrainingRunView => ({
  triggerId,
  state,
  startedAt: '2026-11-22T20:00:00.000Z',
  endedAt: null,
  version: state === 'running' ? null : 3,
  message: 'because',
});

test('a request waits, runs and ends', () => {
  const of = (trainings: TrainingRunView[]) => askedTraining({ asked: null, trainings }, 'asked-1');
  assert.equal(of([])?.text, 'Asked: it starts within seconds…');
  assert.match(of([run('history-0', 'running')])?.text ?? '', /waits until the training that runs/);
  assert.equal(of([run('asked-1', 'running')])?.state, 'runs');
  assert.match(of([run('asked-1', 'succeeded')])?.text ?? '', /version 3 was accepted/);
  assert.equal(of([run('asked-1', 'refused')])?.text, 'The training ended: version 3 was refused. because');
  assert.equal(of([run('asked-1', 'failed')])?.state, 'failed');
});

test("another's request that nobody answered is shown, and nothing without one", () => {
  assert.equal(askedTraining({ asked: 'asked-9', trainings: [] }, null)?.state, 'waits');
  assert.equal(askedTraining({ asked: null, trainings: [run('asked-1', 'refused')] }, null), null);
});
