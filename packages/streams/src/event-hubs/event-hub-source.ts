import type { EventHubConsumerClient } from '@azure/event-hubs';
import type {
  EventSource,
  HubProperties,
  PartitionExtent,
  PartitionReader,
  StartPosition,
} from '../event-stream.ts';
import { EventHubReader } from './event-hub-reader.ts';
import { extentOf, hubProperties } from './hub-properties.ts';
import type { ReconnectingClient } from './reconnecting-client.ts';

/** Reads through the official client. */
export class EventHubSource implements EventSource {
  readonly #management: ReconnectingClient<EventHubConsumerClient>;
  readonly #consumer: (group: string) => EventHubConsumerClient;
  readonly #silenceMs: number;
  readonly #readers = new Set<EventHubReader>();

  constructor(options: {
    management: ReconnectingClient<EventHubConsumerClient>;
    consumer: (group: string) => EventHubConsumerClient;
    silenceMs: number;
  }) {
    this.#management = options.management;
    this.#consumer = options.consumer;
    this.#silenceMs = options.silenceMs;
  }

  properties(): Promise<HubProperties> {
    return this.#management.run(hubProperties);
  }

  extent(partition: string): Promise<PartitionExtent> {
    return this.#management.run(async (client, abortSignal) =>
      extentOf(await client.getPartitionProperties(partition, { abortSignal })),
    );
  }

  /** Resolves at once; connecting, and taking the partition, begin then, and their errors come from `read`. */
  async open(options: {
    consumerGroup: string;
    partition: string;
    start: StartPosition;
    ownerLevel: number;
  }): Promise<PartitionReader> {
    const { consumerGroup, partition, start, ownerLevel } = options;
    const reader = new EventHubReader({
      client: this.#consumer(consumerGroup),
      partition,
      start,
      ownerLevel,
      silenceMs: this.#silenceMs,
      onClosed: () => this.#readers.delete(reader),
    });
    this.#readers.add(reader);
    return reader;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => reader.close()));
    await this.#management.close();
  }
}
