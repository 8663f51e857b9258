import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolLabels, poolSelector, selectorText, versionLabels, versionSelector } from './labels.ts';

test('what is labelled is found by the selector of its kind', () => {
  for (const [labels, selector] of [
    [poolLabels('shop', 'm'), poolSelector('shop')],
    [versionLabels('shop', 'm', 4), poolSelector('shop')],
    [versionLabels('shop', 'm', 4), versionSelector('shop', 4)],
  ] as const)
    for (const [key, value] of Object.entries(selector)) assert.equal(labels[key], value);
  assert.notEqual(
    versionLabels('shop', 'm', 3)['verdict.dev/version'],
    versionSelector('shop', 4)['verdict.dev/version'],
  );
});

test('a selector is written the same way always', () => {
  assert.equal(selectorText({ b: '2', a: '1' }), 'a=1,b=2');
  assert.equal(
    selectorText(poolSelector('shop')),
    'app.kubernetes.io/name=verdict-detector,verdict.dev/pool=shop',
  );
});

test('every value is one that a label may have', () => {
  const longest = 'a'.repeat(63);
  for (const value of Object.values(versionLabels(longest, longest, 2 ** 40)))
    assert.match(value, /^(?=.{1,63}$)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/);
});
