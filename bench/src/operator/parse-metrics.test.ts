import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMetrics, total } from './parse-metrics.ts';

test('samples are summed by name and labels', () => {
  const samples = parseMetrics(
    ['# HELP a what', 'a{kind="x",b="1"} 2', 'a{kind="y"} 3.5', 'a_total 7', 'b 1e3', ''].join('\n'),
  );
  assert.equal(total(samples, 'a'), 5.5);
  assert.equal(total(samples, 'a', 'kind="x"'), 2);
  assert.equal(total(samples, 'b'), 1000);
  assert.equal(total(samples, 'c'), 0);
});
