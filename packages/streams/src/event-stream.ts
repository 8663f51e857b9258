/** An event as a consumer gets it. */
export interface ReceivedEvent {
  /** Position within the partition; grows by one with every event. */
  readonly sequence: number;
  readonly body: Uint8Array;
  /** When the hub took it, epoch milliseconds. */
  readonly enqueuedAtMs: number;
  /** W3C `traceparent` of what sent it, if it says so. */
  readonly traceparent?: string;
}

/** What goes along with events. */
export interface EventContext {
  /** W3C `traceparent` of what sends them; an application property of the event. */
  readonly traceparent?: string;
}

/** What a hub is, to notice when it was replaced or changed. */
export interface HubProperties {
  /** Changes when the hub is made anew. */
  readonly identity: string;
  readonly partitions: readonly string[];
}

/** Where a partition begins and ends now. An empty partition has `lastSequence` < `firstSequence`. */
export interface PartitionExtent {
  readonly firstSequence: number;
  readonly lastSequence: number;
}

/** Pulls the events of one partition in order. Only one `read` at a time. */
export interface PartitionReader {
  /**
   * At most `maxEvents` events, as soon as there is at least one; an empty list after `maxWaitMs`.
   * Throws `OwnershipLost` when another reader took the partition, `StreamUnavailable` when the hub cannot be
   * reached (the reader is closed then; open a new one).
   */
  read(limits: { maxEvents: number; maxWaitMs: number }): Promise<ReceivedEvent[]>;
  close(): Promise<void>;
}

/** Where a reader starts: behind a sequence number, or at the first event that the hub still has. */
export type StartPosition = { readonly afterSequence: number } | 'earliest';

/** The consuming side of a hub. */
export interface EventSource {
  properties(): Promise<HubProperties>;
  extent(partition: string): Promise<PartitionExtent>;
  /** Opens with an owner level: a higher one takes the partition from a lower one. */
  open(options: {
    consumerGroup: string;
    partition: string;
    start: StartPosition;
    ownerLevel: number;
  }): Promise<PartitionReader>;
  close(): Promise<void>;
}

/** The sending side of a hub. A returned promise means that the hub has the events. */
export interface EventSink {
  properties(): Promise<HubProperties>;
  /** Sends to one partition, in order. Throws `StreamUnavailable`, or `EventTooLarge`. */
  send(partition: string, bodies: readonly Uint8Array[], context?: EventContext): Promise<void>;
  /** Sends with a partition key, so that the hub chooses the partition. */
  sendKeyed(partitionKey: string, body: Uint8Array, context?: EventContext): Promise<void>;
  close(): Promise<void>;
}

/** Another reader with the same or a higher owner level holds the partition now. */
export class OwnershipLost extends Error {
  override readonly name = 'OwnershipLost';
}

/** The hub cannot be reached or refuses to serve; trying again later may help. */
export class StreamUnavailable extends Error {
  override readonly name = 'StreamUnavailable';
}

/** One event is larger than the hub takes. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}
