import { once } from 'node:events';
import { Load } from './load.ts';
import { sendLoad } from './send-load.ts';

// A process of its own, so that what sending costs is told apart. It is given loads over its channel, and ends with it.
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.on('message', (message) => {
  if (message === 'start') return;
  sendLoad(Load.parse(message), untilStarted).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ type: 'failed', reason: String(error) }),
  );
});

/** All is prepared: whoever measures begins now. */
async function untilStarted(): Promise<void> {
  process.send?.({ type: 'ready' });
  await once(process, 'message');
}
