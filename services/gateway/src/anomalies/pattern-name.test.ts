import assert from 'node:assert/strict';
import { test } from 'node:test';
import { patternName } from './pattern-name.ts';

test('the name of what an anomaly looks like is its signals with their directions, in whatever order they came', () => {
  assert.equal(patternName([{ latency: -3, cpu: 4 }]), 'cpu+ latency-');
  assert.equal(patternName([{ cpu: 9 }, { latency: -1.5 }]), 'cpu+ latency-');
  assert.equal(patternName([{ cpu: 4 }, { cpu: -4 }]), 'cpu+ cpu-');
  assert.equal(patternName([]), null);
});
