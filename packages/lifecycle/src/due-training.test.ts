import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, type TrainingRunView } from '@verdict/contracts';
import fc from 'fast-check';
import { dueTraining, type TrainingSituation } from './due-training.ts';

const spec = AnomalyModelSpec.parse({ series: ['**'], training: { minimumReadings: 1000 } });
const due = (readings: number, more: Partial<TrainingSituation> = {}) =>
  dueTraining({ spec, readings, trainings: [], versions: [], ...more });
const run = (triggerId: string, state: TrainingRunView['state']): TrainingRunView => ({
  triggerId,
  state,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  version: null,
  message: '',
});

test('a model with too little history is not trained', () => {
  assert.equal(due(999), null);
});

test('a model is trained once its history suffices', () => {
  assert.equal(due(1000)?.triggerId, 'history-0');
});

test('the trigger names how often the history has doubled', () => {
  assert.equal(due(4500)?.triggerId, 'history-2');
});

test('nothing starts while a training runs or after one succeeded', () => {
  assert.equal(due(5000, { trainings: [run('history-0', 'running')] }), null);
  assert.equal(due(5000, { trainings: [run('history-0', 'succeeded')] }), null);
});

test('after a refusal the history must double before the next try', () => {
  const trainings = [run('history-1', 'refused'), run('history-0', 'failed')];
  assert.equal(due(3900, { trainings }), null);
  assert.equal(due(4000, { trainings })?.triggerId, 'history-2');
});

test('a model that has learnt a version is left alone, even where its training is not listed any more', () => {
  for (const state of ['accepted', 'candidate', 'retired'] as const)
    assert.equal(due(5000, { versions: [{ version: 1, state }] }), null);
  assert.notEqual(due(5000, { versions: [{ version: 1, state: 'refused' }] }), null);
  assert.notEqual(due(5000, { versions: [{ version: 0, state: 'accepted' }] }), null);
});

test('when the only version that was learnt is taken back, the history must double before the next try', () => {
  const succeeded = { ...run('history-0', 'succeeded'), version: 1 };
  const taken = { trainings: [succeeded], versions: [{ version: 1, state: 'aborted' as const }] };
  assert.equal(due(1999, taken), null);
  assert.equal(due(2000, taken)?.triggerId, 'history-1');
  assert.equal(due(2000, { ...taken, versions: [{ version: 1, state: 'accepted' }] }), null);
});

test('triggers of other kinds do not keep the history from being learnt', () => {
  assert.equal(due(2000, { trainings: [run('asked-17', 'refused')] })?.triggerId, 'history-1');
});

test('however history grows, no trigger comes twice and each asks for at least as much as there is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { maxLength: 30 }), (amounts) => {
      const trainings: TrainingRunView[] = [];
      for (const readings of amounts.sort((a, b) => a - b)) {
        const trigger = due(readings, { trainings });
        if (trigger === null) continue;
        assert.ok(!trainings.some(({ triggerId }) => triggerId === trigger.triggerId));
        const asked = 1000 * 2 ** Number(trigger.triggerId.slice('history-'.length));
        assert.ok(asked <= readings && readings < 2 * asked, `${readings}: ${trigger.triggerId}`);
        trainings.unshift(run(trigger.triggerId, 'refused'));
      }
    }),
  );
});
