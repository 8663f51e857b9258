import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EpochLost } from '@verdict/streams';
import { watchClaim } from './watch-claim.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
const claimOf = (partition: string, signal: AbortSignal) => ({ partition, epoch: 1, signal });

test('only who holds partition 0 watches, as long as it is held', async () => {
  const watched: string[] = [];
  const stop = new AbortController();
  const parts = {
    consume: ({ signal }: { signal: AbortSignal }) => untilAborted(signal),
    watch: async (signal: AbortSignal) => {
      watched.push('began');
      await untilAborted(signal);
      watched.push('ended');
    },
  };
  const claims = ['0', '1'].map((partition) => watchClaim(claimOf(partition, stop.signal), parts));
  assert.deepEqual(watched, ['began']);
  stop.abort();
  await Promise.all(claims);
  assert.deepEqual(watched, ['began', 'ended']);
});

test('a partition that is lost ends the watch before that is told', async () => {
  let watching = true;
  const claimed = watchClaim(claimOf('0', new AbortController().signal), {
    consume: () => Promise.reject(new EpochLost('another one has it')),
    watch: async (signal) => {
      await untilAborted(signal);
      watching = false;
    },
  });
  await assert.rejects(claimed, EpochLost);
  assert.equal(watching, false);
});

test('a watch that breaks ends the consuming as well, and is told', async () => {
  const claimed = watchClaim(claimOf('0', new AbortController().signal), {
    consume: ({ signal }) => untilAborted(signal),
    watch: () => Promise.reject(new Error('a bug')),
  });
  await assert.rejects(claimed, /a bug/);
});
