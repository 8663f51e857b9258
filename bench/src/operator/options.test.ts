import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from './options.ts';

test('by default it is 1,000 pools, 10,000 pods and ten minutes of each', () => {
  const options = readOptions([]);
  assert.deepEqual(
    [options?.pools, options?.pods, options?.idleMinutes, options?.trafficMinutes],
    [1000, 10_000, 10, 10],
  );
});

test('traffic lasts as long as idleness unless it is said', () => {
  assert.equal(readOptions(['--idle-minutes', '2'])?.trafficMinutes, 2);
  assert.equal(readOptions(['--idle-minutes', '2', '--traffic-minutes', '0.5'])?.trafficMinutes, 0.5);
});

test('what does not fit is named', () => {
  assert.equal(readOptions(['--help']), null);
  assert.throws(() => readOptions(['--pools', '0']), /--pools/);
  assert.throws(() => readOptions(['--pods', '10']), /--pods: every pool/);
  assert.throws(() => readOptions(['--idle-minutes', 'ten']), /--idle-minutes/);
});
