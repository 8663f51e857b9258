import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fairShare, type Situation, whichToClaim, whichToRelease } from './partition-choice.ts';

const eight = ['0', '1', '2', '3', '4', '5', '6', '7'];
const situation = (more: Partial<Situation> = {}): Situation => ({
  holder: 'anna',
  wanted: eight,
  peers: 1,
  leases: [],
  held: [],
  ...more,
});

test('shares are rounded up, so that no partition is left over', () => {
  assert.equal(fairShare(8, 3), 3);
  assert.equal(fairShare(8, 8), 1);
  assert.equal(fairShare(8, 20), 1);
  assert.equal(fairShare(0, 3), 0);
  assert.equal(fairShare(8, 0), 8);
});

test('a lone member claims everything that is free', () => {
  const leases = [
    { partition: '2', epoch: 4, holder: 'bert' },
    { partition: '3', epoch: 4, holder: null },
  ];
  const { candidates, room } = whichToClaim(situation({ leases }));
  assert.deepEqual(candidates.sort(), ['0', '1', '3', '4', '5', '6', '7']);
  assert.equal(room, 8);
});

test('there is room up to the fair share', () => {
  assert.equal(whichToClaim(situation({ peers: 3, held: ['0', '1'] })).room, 1);
  assert.equal(whichToClaim(situation({ peers: 3, held: ['0', '1', '2', '3'] })).room, 0);
});

test('only wanted partitions are claimed, and unwanted ones are given back at once', () => {
  const wanted = ['1', '2'];
  assert.deepEqual(whichToClaim(situation({ wanted })).candidates.sort(), ['1', '2']);
  assert.deepEqual(whichToRelease(situation({ wanted, held: ['0', '1', '5'] })), ['0', '5']);
  assert.deepEqual(whichToClaim(situation({ wanted: [] })), { candidates: [], room: 0 });
});

test('whoever has more than its share gives back the newest one', () => {
  assert.deepEqual(whichToRelease(situation({ peers: 2, held: eight })), ['7']);
  assert.deepEqual(whichToRelease(situation({ peers: 2, held: ['5', '1', '0', '2'] })), []);
});

test('a member never claims and gives back at the same time', () => {
  const anySituation = fc.record({
    holder: fc.string(),
    wanted: fc.subarray(eight),
    peers: fc.integer({ min: 1, max: 10 }),
    leases: fc.constant([]),
    held: fc.shuffledSubarray(eight),
  });
  fc.assert(
    fc.property(anySituation, (known) => {
      const released = whichToRelease(known);
      const { room } = whichToClaim(known);
      const kept = known.held.filter((partition) => known.wanted.includes(partition));
      if (kept.length === known.held.length) assert.ok(released.length === 0 || room === 0);
      assert.ok(
        known.held.length + room <= Math.max(known.held.length, fairShare(known.wanted.length, known.peers)),
      );
    }),
  );
});
