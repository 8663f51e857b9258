import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwaitableSender } from 'rhea-promise';
import { mendLinkAddress } from './mend-link-address.ts';

test('a send that times out after its link is gone does not end the process', () => {
  const gone = Object.create(AwaitableSender.prototype, { _link: { value: {} } });
  assert.throws(() => gone.address, TypeError, 'the library has been mended: this file can go');
  mendLinkAddress();
  mendLinkAddress();
  assert.equal(gone.address, undefined);
  const there = Object.create(AwaitableSender.prototype, {
    _link: { value: { source: { address: 'data' } } },
  });
  assert.equal(there.address, 'data');
});
