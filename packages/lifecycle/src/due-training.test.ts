import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type TrainingRunView } from '@verdict/contracts';
import { dueTraining } from './due-training.ts';

const spec = AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 } });
const run = (triggerId: string, state: TrainingRunView['state']): TrainingRunView => ({
  triggerId,
  state,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  version: null,
  message: '',
});

test('a model with too little history is not trained', () => {
  assert.equal(dueTraining({ spec, readings: 999, trainings: [] }), null);
});

test('a model is trained once its history suffices', () => {
  assert.equal(dueTraining({ spec, readings: 1000, trainings: [] })?.triggerId, 'history-0');
});

test('the trigger names how often the history has doubled', () => {
  assert.equal(dueTraining({ spec, readings: 4500, trainings: [] })?.triggerId, 'history-2');
});

test('nothing starts while a training runs or after one succeeded', () => {
  assert.equal(dueTraining({ spec, readings: 5000, trainings: [run('history-0', 'running')] }), null);
  assert.equal(dueTraining({ spec, readings: 5000, trainings: [run('history-0', 'succeeded')] }), null);
});

test('after a refusal the history must double before the next try', () => {
  const trainings = [run('history-1', 'refused'), run('history-0', 'failed')];
  assert.equal(dueTraining({ spec, readings: 3900, trainings }), null);
  assert.equal(dueTraining({ spec, readings: 4000, trainings })?.triggerId, 'history-2');
});
