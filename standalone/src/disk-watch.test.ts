import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchDisk } from './disk-watch.ts';
import { ManualClock } from './manual-clock.fixture.ts';

const megabyte = 1024 * 1024;

test('people are told once that the disk is full, and once that there is room again', async () => {
  const clock = new ManualClock();
  const end = new AbortController();
  const said: string[] = [];
  let freeMegabytes: number | null = 500;
  const watched = watchDisk({
    folder: '/data',
    clock,
    signal: end.signal,
    say: (text) => said.push(text),
    async askDisk() {
      if (freeMegabytes === null) throw new Error('the disk does not answer');
      return { bavail: freeMegabytes, bsize: megabyte };
    },
  });
  for (const free of [500, 10, 0, null, 60, 0, 200, 200]) {
    freeMegabytes = free;
    await clock.advance(10_000);
  }
  end.abort();
  await watched;
  assert.deepEqual(said, [
    'The disk of /data is full: new data is refused and nothing is lost. Free some space; Verdict then goes on by itself.',
    'There is room on the disk again: Verdict goes on.',
  ]);
  assert.equal(clock.sleeping, 0);
});
