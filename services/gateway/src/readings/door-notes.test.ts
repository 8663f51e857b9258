import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@verdict/process';
import { type DoorNote, DoorNotes } from './door-notes.ts';

test('the newest note of a series is written, and what could not be written is kept', async () => {
  const written: DoorNote[] = [];
  let down = true;
  const notes = new DoorNotes(
    {
      noteAtDoor: async (entries) => {
        if (down) throw new Error('down');
        written.push(...entries);
      },
    },
    systemClock,
  );
  notes.note('a', 'unassigned', 'first');
  notes.note('a', 'refused', 'second');
  notes.note('b', 'unassigned', 'first');
  await assert.rejects(notes.write());
  down = false;
  await notes.write();
  assert.deepEqual(
    written.map(({ series, state, reason }) => [series, state, reason]),
    [
      ['a', 'refused', 'second'],
      ['b', 'unassigned', 'first'],
    ],
  );
  await notes.write();
  assert.equal(written.length, 2);
});

test('a flood of new series stays within bounds', async () => {
  let written = 0;
  const notes = new DoorNotes(
    {
      noteAtDoor: async (entries) => {
        written += entries.length;
      },
    },
    systemClock,
  );
  for (let series = 0; series < 15_000; series++) notes.note(`s${series}`, 'unassigned', 'x');
  await notes.write();
  assert.equal(written, 10_000);
});
