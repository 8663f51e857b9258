import type {
  EventHubConsumerClient,
  EventPosition,
  MessagingError,
  ReceivedEventData,
  SubscribeOptions,
  Subscription,
} from '@azure/event-hubs';

/** A reader of one partition, for tests. */
export interface TestReader {
  events: ReceivedEventData[];
  errors: (Error | MessagingError)[];
  /** Resolves when `isDone` holds; rejects after 20 s, or at an error when `failOnError` is not off. */
  until(isDone: () => boolean, options?: { failOnError?: boolean }): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 20_000;

/** Reads a partition from a position on until it is closed; at its first error it closes by itself. */
export function openReader(
  client: EventHubConsumerClient,
  partition: string,
  startPosition: EventPosition,
  options: SubscribeOptions = {},
): TestReader {
  const events: ReceivedEventData[] = [];
  const errors: Error[] = [];
  let changed: () => void = () => undefined;
  let subscription: Subscription | undefined;
  subscription = client.subscribe(
    partition,
    {
      async processEvents(batch) {
        events.push(...batch);
        changed();
      },
      async processError(error) {
        errors.push(error);
        changed();
        await subscription?.close();
      },
    },
    { startPosition, maxBatchSize: 500, maxWaitTimeInSeconds: 1, ...options },
  );
  return {
    events,
    errors,
    async until(isDone, { failOnError = true } = {}) {
      const deadline = Date.now() + PATIENCE_MS;
      while (!isDone()) {
        if (failOnError && errors[0] !== undefined) throw errors[0];
        const leftMs = deadline - Date.now();
        if (leftMs <= 0)
          throw new Error(`Nothing came of it: ${events.length} events, ${errors.length} errors.`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          changed = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    },
    async close() {
      await subscription?.close();
    },
  };
}

/** The next `count` events of a partition from a position on. */
export async function readEvents(
  client: EventHubConsumerClient,
  partition: string,
  startPosition: EventPosition,
  count: number,
): Promise<ReceivedEventData[]> {
  const reader = openReader(client, partition, startPosition);
  try {
    await reader.until(() => reader.events.length >= count);
  } finally {
    await reader.close();
  }
  return reader.events.slice(0, count);
}
