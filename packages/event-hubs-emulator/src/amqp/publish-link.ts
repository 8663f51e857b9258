import type { Delivery, EventContext, Receiver } from 'rhea';
import type { EncodeAt, PartitionLog } from '../log/partition-log.ts';
import { partitionOfKey } from '../partition-key.ts';
import type { Hub } from '../store/hub.ts';
import { BATCH_MESSAGE_FORMAT, SINGLE_MESSAGE_FORMAT } from './adapt-session.ts';
import { type EventMessage, encodeEvent, splitBatch, splitEvent } from './event-message.ts';
import { findPartition } from './find-entity.ts';
import { CONDITION, type LinkError, linkErrorOf, Refusal } from './link-error.ts';
import { DecodeError } from './message-sections.ts';
import type { ServedLink } from './served-link.ts';
import type { Settlement } from './settlement.ts';

/** Sends that a link may have under way, each up to the longest message: what a client can make us hold. */
const CREDIT = 300;

export interface PublishLinkOptions {
  receiver: Receiver;
  hub: Hub;
  /** Set when the link is for one partition. */
  partition: string | undefined;
  claimPath: string;
  settlement: Settlement;
  maxMessageBytes: number;
}

/** Takes events from a producer: stored first, then accepted. */
export function openPublishLink(options: PublishLinkOptions): ServedLink {
  const { receiver, hub, partition, settlement, maxMessageBytes } = options;
  const fixedLog = partition === undefined ? undefined : findPartition(hub, partition);
  let isOpen = true;

  const answer = (delivery: Delivery, error?: LinkError): void => {
    if (!isOpen) return;
    settlement.settle(delivery, error);
    receiver.add_credit(1);
  };
  receiver.on('message', ({ message, delivery }: EventContext) => {
    if (delivery === undefined) return;
    store(message as unknown as Buffer, delivery.format).then(
      () => answer(delivery),
      (failure: unknown) => answer(delivery, linkErrorOf(failure)),
    );
  });
  receiver.add_credit(CREDIT);

  async function store(bytes: Buffer, format: number): Promise<void> {
    if (bytes.length > maxMessageBytes) {
      throw new Refusal(
        CONDITION.tooLarge,
        `The received message (size:${bytes.length} bytes or more) exceeds the limit (${maxMessageBytes} bytes) currently allowed on the link.`,
      );
    }
    const { events, partitionKey } = decode(bytes, format);
    if (events.length === 0) return;
    const log = fixedLog ?? choosePartition(hub, partitionKey);
    await log.append(
      events.map(
        (event): EncodeAt =>
          (place) =>
            encodeEvent(event, place),
      ),
    );
  }

  return {
    claimPath: options.claimPath,
    refuse: (error) => {
      isOpen = false;
      receiver.close(error);
    },
    release: () => {
      isOpen = false;
    },
  };
}

function decode(bytes: Buffer, format: number): { events: EventMessage[]; partitionKey: string | undefined } {
  try {
    if (format === BATCH_MESSAGE_FORMAT) {
      const batch = splitBatch(bytes);
      return { events: batch.events, partitionKey: batch.partitionKey ?? batch.events[0]?.partitionKey };
    }
    if (format !== SINGLE_MESSAGE_FORMAT) {
      throw new Refusal(CONDITION.notImplemented, `The message format ${format} is not known.`);
    }
    const event = splitEvent(bytes);
    return { events: [event], partitionKey: event.partitionKey };
  } catch (error) {
    if (error instanceof DecodeError) throw new Refusal(CONDITION.decode, error.message);
    throw error;
  }
}

function choosePartition(hub: Hub, partitionKey: string | undefined): PartitionLog {
  const count = hub.partitions.length;
  const index = partitionKey === undefined ? hub.nextPartition() : partitionOfKey(partitionKey, count);
  return findPartition(hub, String(index));
}
