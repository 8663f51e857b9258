// Preloaded into the gateway under test (with --expose-gc): tells its parent how much memory is held, when asked.
import { setTimeout as sleep } from 'node:timers/promises';

/** What is collected may hold more, which only a later turn lets go. */
const turns = 3;

process.on('message', async (message: { type?: string }) => {
  if (message.type !== 'memory') return;
  for (let turn = 0; turn < turns; turn += 1) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ type: 'memory', rss, heapUsed, external });
});
