import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severityOf } from './severity.ts';

test('severity grows with the peak score above the alarm border', () => {
  assert.equal(severityOf(0.5), 'minor');
  assert.equal(severityOf(0.69), 'minor');
  assert.equal(severityOf(0.71), 'major');
  assert.equal(severityOf(0.91), 'critical');
  assert.equal(severityOf(1), 'critical');
});

test('a score under the border, as after a change of thresholds, is the mildest', () => {
  assert.equal(severityOf(0.3), 'minor');
});
