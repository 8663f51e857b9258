import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triggerIdOf } from './job-end.ts';
import { factsOf, job, run } from './model-facts.fixture.ts';
import { spareJobs } from './spare-jobs.ts';

const training = { successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1 };
const spare = async (...jobs: ReturnType<typeof job>[]) => {
  const trainings = [
    run('refused-1', 'refused'),
    run('refused-2', 'refused'),
    run('failed-1', 'failed'),
    run('failed-2', 'failed'),
    run('open', 'running'),
  ];
  return spareJobs(await factsOf({ spec: { training }, view: { trainings }, jobs })).map(triggerIdOf);
};

test('the oldest Jobs beyond the limits are spare; a refused candidate is a success', async () => {
  const jobs = [
    job('refused-1', 'Failed', { agoMs: 4000 }),
    job('refused-2', 'Failed', { agoMs: 3000 }),
    job('failed-2', 'Failed', { agoMs: 1000 }),
    job('failed-1', 'Failed', { agoMs: 2000 }),
  ];
  assert.deepEqual(await spare(...jobs), ['refused-1', 'failed-1']);
});

test('a Job that runs, or whose end is not on record yet, is never spare', async () => {
  const jobs = [job('refused-1'), job('open', 'Failed'), job('failed-1', 'Failed')];
  assert.deepEqual(await spare(...jobs), []);
});

test('one whose record is not listed any more counts by its own end', async () => {
  const jobs = [job('x', 'Complete', { agoMs: 90_000 }), job('y', 'Complete'), job('z', 'Failed')];
  assert.deepEqual(await spare(...jobs), ['x']);
});
