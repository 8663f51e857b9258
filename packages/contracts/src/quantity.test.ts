import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Quantity, quantityValue, Resources } from './quantity.ts';

test('a quantity comes to cores or bytes', () => {
  for (const [quantity, value] of [
    ['250m', 0.25],
    [2, 2],
    ['1.5', 1.5],
    ['512Mi', 512 * 2 ** 20],
    ['1G', 1e9],
  ] as const)
    assert.equal(quantityValue(Quantity.parse(quantity)), value);
});

test('what is no quantity is refused', () => {
  for (const quantity of ['', 'Mi', '-1', '1.2345', '12mb', -1, 0.5, '1e3'])
    assert.equal(Quantity.safeParse(quantity).success, false, String(quantity));
  assert.throws(() => quantityValue('Mi'), RangeError);
  assert.throws(() => quantityValue('3Xi'), RangeError);
});

test('a limit below what is asked for is refused, however the two are written', () => {
  const resources = (asked: Quantity, most: Quantity) => ({
    requests: { memory: asked },
    limits: { memory: most },
  });
  assert.ok(Resources.safeParse(resources('1024Mi', '1Gi')).success);
  const refused = Resources.safeParse(resources('1Gi', '1000M'));
  assert.equal(refused.error?.issues[0]?.message, 'limits.memory must not be below requests.memory');
});

test('an amount that is none is a problem of its field, whatever the other one is', () => {
  const refused = Resources.safeParse({ requests: { cpu: '' }, limits: { cpu: '1' } });
  assert.deepEqual(
    refused.error?.issues.map(({ path }) => path.join('.')),
    ['requests.cpu'],
  );
});
