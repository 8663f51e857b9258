import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionView } from '@verdict/contracts';
import { cellMark, lagText, partitionName, partitionsPerVersion, roleOf } from './partition-look.ts';

const pool = { champion: 1, candidate: 2 };
const partition = (more: Partial<PartitionView> = {}): PartitionView => ({
  partition: '3',
  holder: 'detector-a',
  epoch: 1,
  version: 1,
  planned: { version: 1, shadow: null, fallback: 0 },
  checkpoint: 10,
  readings: 100,
  duplicates: 0,
  lagEvents: 0,
  figures: [],
  shadow: null,
  shadows: [],
  ...more,
});

test('a partition has the role of the version that serves it', () => {
  assert.equal(roleOf(partition(), pool), 'champion');
  assert.equal(roleOf(partition({ version: 2 }), pool), 'candidate');
  assert.equal(roleOf(partition({ version: 0 }), pool), 'other');
  assert.equal(roleOf(partition({ holder: null }), pool), 'none');
  assert.equal(cellMark(partition({ holder: null })), '–');
  assert.equal(cellMark(partition({ version: 0 })), 'v0');
});

test('a partition is read out with its version, its lag and what is planned', () => {
  assert.equal(partitionName(partition(), pool), 'Partition 3: version 1, the champion, up to date');
  const late = partition({
    version: 0,
    lagEvents: 1204,
    planned: { version: 2, shadow: null, fallback: 1 },
  });
  assert.equal(partitionName(late, pool), 'Partition 3: built in, 1,204 behind, planned: version 2');
  assert.equal(lagText(partition({ lagEvents: null })), 'running');
  assert.equal(lagText(partition({ holder: null, lagEvents: 4 })), 'no detector');
});

test('partitions are counted by the version that really serves them', () => {
  const partitions = [{ version: 2 }, { version: 1 }, { version: 1 }, { holder: null, version: 1 }];
  assert.deepEqual(partitionsPerVersion(partitions.map((more) => partition(more))), [
    { version: 1, count: 2 },
    { version: 2, count: 1 },
  ]);
});
