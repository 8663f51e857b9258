import {
  type EventHubConsumerClient,
  earliestEventPosition,
  type ReceivedEventData,
  type Subscription,
} from '@azure/event-hubs';
import {
  type PartitionReader,
  type ReceivedEvent,
  type StartPosition,
  StreamUnavailable,
} from '../event-stream.ts';
import { receivedEvent } from './received-event.ts';
import { streamError } from './stream-error.ts';
import { withinTime } from './within-time.ts';

/** Events that the client hands over at once. */
const batchEvents = 32;
/** Kept ready while the consumer works; beyond either the hub keeps them. A single batch may be larger. */
const keptReady = { events: 2000, bytes: 3 * 1024 * 1024 };
/**
 * The client grants the hub `batchEvents` more with every batch that it waits for, however few came, so that
 * what the hub may push without being asked grows without bound. Beyond this the link is made anew.
 */
const mostCredit = 1_024;
/** How long the client waits for a first event; also how soon it notices that its link has died. */
const batchWaitSeconds = 3;
const closeWithinMs = 5_000;

interface ReaderOptions {
  /** Belongs to the reader, which closes it. */
  readonly client: EventHubConsumerClient;
  readonly partition: string;
  readonly start: StartPosition;
  readonly ownerLevel: number;
  readonly silenceMs: number;
  readonly onClosed: () => void;
}

// The client pushes, the port pulls. The client calls `#take` with a batch and calls again only when the returned
// promise resolves, so that promise is the brake: it waits while the buffer is full, or while nothing came and
// nobody waits. `read` takes from the buffer and lets go of the brake.
//
// The client's subscription must never get the chance to go on by itself after an error: it would begin at its
// original start position again. So the first error ends the reader for good and closes the subscription; a link
// made anew (credit) is a new subscription behind the last number seen; calls of an older one are ignored; and
// numbers not above the last one are dropped. A hole between two numbers ends the reader too, after what came
// before the hole: whoever opens the next one behind the last committed event gets what the client lost, or
// learns from the hub's extent that it is gone.

/** One partition, through a subscription of the official client. Handlers never throw into the client. */
export class EventHubReader implements PartitionReader {
  readonly #options: ReaderOptions;
  #subscription: Subscription | null = null;
  #buffer: ReceivedEvent[] = [];
  #bufferBytes = 0;
  /** Last sequence number taken; null before the first when reading from the earliest. */
  #last: number | null;
  #takenAny = false;
  #credit = 0;
  #reading = false;
  #lastCallMs = performance.now();
  #ended: Error | null = null;
  #closing: Promise<void> | null = null;
  #wakeRead: () => void = () => {};
  #letGo: () => void = () => {};

  constructor(options: ReaderOptions) {
    if (!Number.isSafeInteger(options.ownerLevel) || options.ownerLevel < 1) {
      // The client takes level 0 for none at all.
      throw new RangeError(`owner level ${options.ownerLevel}: a whole number from 1 on`);
    }
    this.#options = options;
    this.#last = options.start === 'earliest' ? null : options.start.afterSequence;
    this.#subscribe();
  }

  async read({ maxEvents, maxWaitMs }: { maxEvents: number; maxWaitMs: number }): Promise<ReceivedEvent[]> {
    if (this.#reading) throw new Error('only one read at a time');
    this.#reading = true;
    try {
      const deadlineMs = performance.now() + maxWaitMs;
      // Who only asks what is at hand waits for no new link either.
      while (this.#buffer.length === 0 && this.#ended === null && maxWaitMs > 0) {
        if (this.#credit > mostCredit) await this.#resubscribe();
        this.#letGo();
        const nowMs = performance.now();
        const silentInMs = this.#lastCallMs + this.#options.silenceMs - nowMs;
        if (silentInMs <= 0) this.#end(new StreamUnavailable('nothing was heard from the client'));
        else if (nowMs >= deadlineMs) return [];
        else await this.#wait(Math.min(deadlineMs - nowMs, silentInMs));
      }
      if (this.#buffer.length === 0 && this.#ended !== null) throw this.#ended;
      const events = this.#buffer.splice(0, maxEvents);
      for (const { body } of events) this.#bufferBytes -= body.length;
      return events;
    } finally {
      this.#reading = false;
      if (!this.#isFull && this.#credit <= mostCredit) this.#letGo();
    }
  }

  async close(): Promise<void> {
    this.#buffer = [];
    this.#end(new StreamUnavailable('the reader is closed'));
    await this.#closing;
  }

  get #isFull(): boolean {
    return this.#buffer.length >= keptReady.events || this.#bufferBytes >= keptReady.bytes;
  }

  #subscribe(): void {
    const { client, partition, ownerLevel } = this.#options;
    const startPosition =
      this.#last === null || this.#last < 0
        ? earliestEventPosition
        : { sequenceNumber: this.#last, isInclusive: false };
    let mine: Subscription | null = null;
    const current = () => this.#ended === null && this.#subscription === mine;
    mine = client.subscribe(
      partition,
      {
        processEvents: async (events) => {
          if (current()) await this.#take(events);
        },
        processError: async (error) => {
          if (current()) this.#end(streamError(error));
        },
      },
      {
        startPosition,
        ownerLevel,
        maxBatchSize: batchEvents,
        prefetchCount: batchEvents,
        maxWaitTimeInSeconds: batchWaitSeconds,
        skipParsingBodyAsJson: true,
      },
    );
    this.#subscription = mine;
    this.#credit = batchEvents;
    this.#lastCallMs = performance.now();
  }

  async #resubscribe(): Promise<void> {
    const old = this.#subscription;
    this.#subscription = null;
    this.#letGo();
    try {
      if (old) await withinTime(old.close(), closeWithinMs, 'closing a link');
      if (this.#ended === null) this.#subscribe();
    } catch (error) {
      this.#end(streamError(error));
    }
  }

  async #take(events: readonly ReceivedEventData[]): Promise<void> {
    this.#lastCallMs = performance.now();
    for (const event of events) {
      const { sequenceNumber: sequence } = event;
      if (this.#last !== null && sequence <= this.#last) continue;
      if (this.#takenAny && this.#last !== null && sequence !== this.#last + 1) {
        this.#end(new StreamUnavailable(`event ${sequence} came after ${this.#last}`));
        return;
      }
      const received = receivedEvent(event);
      this.#buffer.push(received);
      this.#bufferBytes += received.body.length;
      this.#last = sequence;
      this.#takenAny = true;
    }
    this.#credit += batchEvents - events.length;
    this.#wakeRead();
    const idle = events.length === 0 && !this.#reading;
    if (idle || this.#isFull || this.#credit > mostCredit) {
      await new Promise<void>((resolve) => {
        this.#letGo = () => {
          this.#letGo = () => {};
          // However long we held it, that was no silence of the client.
          this.#lastCallMs = performance.now();
          resolve();
        };
      });
    }
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeRead = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends the reader for good and frees what it has; the first reason stays. */
  #end(reason: Error): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#wakeRead();
    this.#letGo();
    this.#closing = this.#free();
  }

  async #free(): Promise<void> {
    try {
      if (this.#subscription) await withinTime(this.#subscription.close(), closeWithinMs, 'closing a link');
      await withinTime(this.#options.client.close(), closeWithinMs, 'closing a connection');
    } catch {
      // The connection is dead or will be: whoever reads has the reason for the end already.
    } finally {
      this.#options.onClosed();
    }
  }
}
