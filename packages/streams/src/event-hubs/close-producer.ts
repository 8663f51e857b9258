import type { EventHubProducerClient } from '@azure/event-hubs';

/**
 * Closes a producer client for good. The client itself forgets to stop a sender's token renewal when closing the
 * sender's link fails, which is so with every hub that does not answer: the renewal would open a new connection
 * every 45 minutes for as long as the process lives, and keep it from ending. It has no public way to stop it.
 */
export async function closeProducer(client: EventHubProducerClient): Promise<void> {
  const known: unknown = Reflect.get(client, '_sendersMap');
  // Closing empties the map.
  const senders: unknown[] = known instanceof Map ? [...known.values()] : [];
  const stopRenewal = () => {
    for (const sender of senders) stopLoop(sender);
  };
  stopRenewal();
  try {
    await client.close();
  } finally {
    stopRenewal();
  }
}

function stopLoop(sender: unknown): void {
  if (typeof sender !== 'object' || sender === null || !('authLoop' in sender)) return;
  const loop = sender.authLoop;
  if (typeof loop !== 'object' || loop === null || !('stop' in loop)) return;
  if (typeof loop.stop === 'function') loop.stop();
}
