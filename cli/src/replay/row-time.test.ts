import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRowTime } from './row-time.ts';

const at = Date.parse('2015-02-26T21:42:53Z');

test('every usual way to write a time is understood, in UTC where no zone is given', () => {
  for (const text of [
    '2015-02-26 21:42:53',
    '2015-02-26T21:42:53Z',
    '2015-02-26T21:42:53.000+00:00',
    '2015-02-26 22:42:53+01:00',
    '2015-02-26 22:42:53 +0100',
    '1424986973',
    '1424986973.0',
    '1424986973000',
    ' 2015-02-26T21:42:53 ',
  ])
    assert.equal(parseRowTime(text), at, text);
  assert.equal(parseRowTime('2015-02-26 21:42'), at - 53_000);
  assert.equal(parseRowTime('2015-02-26'), Date.parse('2015-02-26T00:00:00Z'));
  assert.equal(parseRowTime('1424986973.25'), at + 250);
  assert.equal(parseRowTime('2015-02-26 21:42:53,5'), at + 500);
  assert.equal(parseRowTime('2015/02/26 21:42:53'), at);
  assert.equal(parseRowTime('2015/02-26 21:42:53'), null);
});

test('anything else is no time', () => {
  for (const text of [
    '',
    'yesterday',
    '2015-02-30 00:00:00',
    '2015-13-01',
    '26.02.2015',
    '-5',
    '1e9',
    '99999999999999999',
  ])
    assert.equal(parseRowTime(text), null, text);
});

test('ISO times and epoch milliseconds come back as they were', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e11, max: 4e12 }), (ms) => {
      assert.equal(parseRowTime(String(ms)), ms);
      assert.equal(parseRowTime(new Date(ms).toISOString()), ms);
    }),
  );
});
