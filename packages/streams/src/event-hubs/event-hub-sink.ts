import type { EventHubProducerClient } from '@azure/event-hubs';
import { type EventContext, type EventSink, EventTooLarge, type HubProperties } from '../event-stream.ts';
import { hubProperties } from './hub-properties.ts';
import type { ReconnectingClient } from './reconnecting-client.ts';

/** Sends through the official client. An attempt that timed out may have reached the hub: then events stand twice. */
export class EventHubSink implements EventSink {
  readonly #client: ReconnectingClient<EventHubProducerClient>;

  constructor(client: ReconnectingClient<EventHubProducerClient>) {
    this.#client = client;
  }

  properties(): Promise<HubProperties> {
    return this.#client.run(hubProperties);
  }

  send(partition: string, bodies: readonly Uint8Array[], context?: EventContext): Promise<void> {
    return this.#sendAll({ partitionId: partition }, bodies, context);
  }

  sendKeyed(partitionKey: string, body: Uint8Array, context?: EventContext): Promise<void> {
    return this.#sendAll({ partitionKey }, [body], context);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #sendAll(
    target: { partitionId: string } | { partitionKey: string },
    bodies: readonly Uint8Array[],
    { traceparent }: EventContext = {},
  ): Promise<void> {
    const along = traceparent === undefined ? {} : { properties: { traceparent } };
    // Batches that the hub has are not sent again when a later one of the same call has to be.
    let sent = 0;
    await this.#client.run(async (client, abortSignal) => {
      while (sent < bodies.length) {
        const batch = await client.createBatch({ ...target, abortSignal });
        let end = sent;
        for (const body of bodies.slice(sent)) {
          if (!batch.tryAdd({ body, ...along })) break;
          end += 1;
        }
        if (end === sent) {
          const size = bodies[sent]?.length ?? 0;
          throw new EventTooLarge(`an event of ${size} bytes; the hub takes ${batch.maxSizeInBytes} bytes`);
        }
        await client.sendBatch(batch, { abortSignal });
        // Set, not added: an attempt that was given up may still end after the next one has begun.
        sent = Math.max(sent, end);
      }
    });
  }
}
