import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimPath, parseLinkAddress } from './link-address.ts';
import { parseStartFilter } from './start-filter.ts';

test('the addresses of clients are understood', () => {
  const cases: [string, unknown][] = [
    ['$cbs', { kind: 'cbs' }],
    ['$management', { kind: 'management', hub: undefined }],
    ['data/$management', { kind: 'management', hub: 'data' }],
    ['data', { kind: 'publish', hub: 'data', partition: undefined }],
    ['amqps://host:5671/data/Partitions/3', { kind: 'publish', hub: 'data', partition: '3' }],
    [
      'data/ConsumerGroups/$Default/Partitions/0',
      { kind: 'consume', hub: 'data', consumerGroup: '$Default', partition: '0' },
    ],
    ['', undefined],
    ['data/Partitions', undefined],
    ['data/ConsumerGroups/x/Partitions/0/more', undefined],
  ];
  for (const [address, expected] of cases) assert.deepEqual(parseLinkAddress(address), expected, address);
  assert.equal(claimPath('sb://host/Data/Partitions/3'), 'data/partitions/3');
});

test('the filters of clients are understood, and no others', () => {
  const filter = (what: string) => parseStartFilter(`amqp.annotation.x-opt-${what}`);
  assert.deepEqual(filter("offset > '-1'"), { from: 'earliest' });
  assert.deepEqual(filter("offset > '@latest'"), { from: 'latest' });
  assert.deepEqual(filter("offset >= '17'"), { from: 'offset', value: 17, inclusive: true });
  assert.deepEqual(filter("sequence-number > '4'"), { from: 'sequence', value: 4, inclusive: false });
  assert.deepEqual(filter("enqueued-time > '1700'"), { from: 'enqueuedAtMs', value: 1700, inclusive: false });
  assert.deepEqual(parseStartFilter(undefined), { from: 'earliest' });
  assert.throws(() => filter("partition-key = 'a'"), /is not known/);
});
