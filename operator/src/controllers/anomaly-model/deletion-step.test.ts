import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolObject } from '../../resources/objects.fixture.ts';
import { deletionStep } from './deletion-step.ts';
import { job, run } from './model-facts.fixture.ts';

const pools = [poolObject().owner];
const view = { trainings: [run('a', 'running')] };

test('pools go first, then the Job, then what is recorded as running, then the artefacts', () => {
  const jobs = [job('a')];
  assert.equal(deletionStep({ pools, jobs, view }).kind, 'wait');
  assert.equal(deletionStep({ pools: [], jobs, view }).kind, 'end-job');
  assert.deepEqual(deletionStep({ pools: [], jobs: [], view }), { kind: 'fail-training', triggerId: 'a' });
  assert.equal(
    deletionStep({ pools: [], jobs: [job('a', 'Failed')], view: { trainings: [] } }).kind,
    'delete-artefacts',
  );
  assert.equal(deletionStep({ pools: [], jobs: [], view: null }).kind, 'delete-artefacts');
});

test('a Job that is being deleted is waited for', () => {
  const going = job('a');
  const metadata = { ...going.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' };
  const step = deletionStep({ pools: [], jobs: [{ ...going, metadata }], view });
  assert.ok(step.kind === 'wait');
  assert.match(step.message, /waits until Job .* has ended/);
});
