import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readModelSearch, readRolloutSearch } from './model-search.ts';

test("a model's link keeps the span and the compared version", () => {
  assert.deepEqual(readModelSearch({ span: 'hour', compare: '3' }), { span: 'hour', compare: 3 });
  assert.deepEqual(readModelSearch({ compare: 3 }), { span: undefined, compare: 3 });
});

test('what is malformed in a link is left out', () => {
  const nothing = { span: undefined, compare: undefined };
  assert.deepEqual(readModelSearch({ span: 'century', compare: '0' }), nothing);
  assert.deepEqual(readModelSearch({ span: 7, compare: 'three' }), nothing);
  for (const rollback of ['', ' ', '-1', '1.5', 'x', null, undefined, '1e99'])
    assert.deepEqual(readRolloutSearch({ rollback }), { rollback: undefined });
});

test('a rollback to the built-in version can be linked to', () => {
  assert.deepEqual(readRolloutSearch({ rollback: '0' }), { rollback: 0 });
});
