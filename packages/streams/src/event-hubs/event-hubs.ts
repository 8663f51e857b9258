import { EventHubConsumerClient, EventHubProducerClient } from '@azure/event-hubs';
import type { EventSink, EventSource } from '../event-stream.ts';
import { closeProducer } from './close-producer.ts';
import { EventHubSink } from './event-hub-sink.ts';
import { EventHubSource } from './event-hub-source.ts';
import type { EventHubsNamespace } from './event-hubs-environment.ts';
import { mendLinkAddress } from './mend-link-address.ts';
import { ReconnectingClient } from './reconnecting-client.ts';

/**
 * Which hub, and how patient to be. A connection string is the namespace's, with `UseDevelopmentEmulator=true` for an
 * emulator.
 */
export type EventHubsOptions = EventHubsNamespace & {
  /** Name of the event hub. */
  readonly hub: string;
  /** How long sending, and asking for properties, is tried again before `StreamUnavailable`. Default 10 s. */
  readonly retryForMs?: number;
  /** How long one attempt may take. Default 5 s. */
  readonly attemptMs?: number;
  /** How long a reader hears nothing at all from the client before it gives up. Default 20 s. */
  readonly silenceMs?: number;
};

/**
 * Event Hubs through the official client. Nothing is connected before it is used; every reader has a connection
 * of its own, so that one that breaks takes nothing else along.
 */
export function openEventHubs(options: EventHubsOptions): { source(): EventSource; sink(): EventSink } {
  const { hub, retryForMs = 10_000, attemptMs = 5_000, silenceMs = 20_000 } = options;
  mendLinkAddress();
  // Retries are ours: the client's own keep a broken connection, and their pauses are not bounded by a deadline.
  const retryOptions = { maxRetries: 0, timeoutInMs: attemptMs };
  const consumer = (group: string) =>
    'credential' in options
      ? new EventHubConsumerClient(group, options.namespace, hub, options.credential, { retryOptions })
      : new EventHubConsumerClient(group, options.connectionString, hub, { retryOptions });
  const producer = () =>
    'credential' in options
      ? new EventHubProducerClient(options.namespace, hub, options.credential, { retryOptions })
      : new EventHubProducerClient(options.connectionString, hub, { retryOptions });
  return {
    source: () =>
      new EventHubSource({
        management: new ReconnectingClient({
          connect: () => consumer('$Default'),
          disconnect: (client) => client.close(),
          retryForMs,
          attemptMs,
        }),
        consumer,
        silenceMs,
      }),
    sink: () =>
      new EventHubSink(
        new ReconnectingClient({ connect: producer, disconnect: closeProducer, retryForMs, attemptMs }),
      ),
  };
}
