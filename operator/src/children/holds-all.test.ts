import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsAll } from './holds-all.ts';

test('what the server fills in is no difference', () => {
  const wanted = { spec: { replicas: 2, template: { spec: { containers: [{ name: 'a', image: 'x' }] } } } };
  const live = {
    spec: {
      replicas: 2,
      paused: false,
      template: {
        spec: { containers: [{ name: 'a', image: 'x', terminationMessagePath: '/log' }], dnsPolicy: 'D' },
      },
    },
    status: { replicas: 2 },
  };
  assert.equal(holdsAll(live, wanted), true);
});

test('another value, a missing one or a shorter list is a difference', () => {
  assert.equal(holdsAll({ a: 1 }, { a: 2 }), false);
  assert.equal(holdsAll({}, { a: 1 }), false);
  assert.equal(holdsAll({ a: [1] }, { a: [1, 2] }), false);
  assert.equal(holdsAll({ a: [2, 1] }, { a: [1, 2] }), false);
  assert.equal(holdsAll({ a: 'x' }, { a: { b: 1 } }), false);
});

test('named items of a list are found wherever they stand', () => {
  const env = [
    { name: 'B', value: '2' },
    { name: 'X', value: '9' },
    { name: 'A', value: '1' },
  ];
  assert.equal(
    holdsAll(
      { env },
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
    ),
    true,
  );
  assert.equal(holdsAll({ env }, { env: [{ name: 'A', value: '2' }] }), false);
});

test('an empty value that the server leaves out is no difference', () => {
  assert.equal(holdsAll({}, { a: '', b: 0, c: [], d: {}, e: false, f: { g: [] } }), true);
  assert.equal(holdsAll({ a: 'x' }, { a: '' }), false);
});
