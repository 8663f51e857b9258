import assert from 'node:assert/strict';
import { test } from 'node:test';
import { epochOfName, matchesName, snapshotName } from './snapshot-name.ts';

test('a name says who made a snapshot, how far it goes, and what it holds', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const name = snapshotName({ pool: 'default/shop', partition: '3', epoch: 7 }, 120, bytes);
  assert.match(name, /^state\/default\/shop\/3\/7-120-[0-9a-f]{16}$/);
  assert.equal(matchesName(name, bytes), true);
  assert.equal(matchesName(name, Uint8Array.of(1, 2, 4)), false);
  assert.equal(epochOfName(name), 7);
  assert.equal(epochOfName('state/default/shop/3/readme'), null);
});
