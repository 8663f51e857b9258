import { CONDITION, type LinkError, Refusal } from './link-error.ts';

/** A receiver of one partition in one consumer group. */
export interface Contender {
  /** Owner level; undefined for a receiver without one. */
  epoch: number | undefined;
  /** Name for messages. */
  id: string;
  /** Disconnects the receiver. */
  disconnect(error: LinkError): void;
}

const MAX_WITHOUT_EPOCH = 5;

/**
 * Who may read a partition in a consumer group: one receiver with an owner level (the newest among the
 * highest), or up to five without. The level is forgotten when its holder has gone, as by the service.
 * https://learn.microsoft.com/azure/event-hubs/event-hubs-event-processor-host#epoch
 */
export class OwnerLevels {
  readonly #readers = new Map<string, Set<Contender>>();

  /**
   * Lets a receiver in and disconnects those that must give way.
   *
   * @param place hub, consumer group and partition
   * @returns a function to be called when the receiver has gone
   * @throws Refusal `amqp:link:stolen` when a higher level holds the place, `amqp:resource-limit-exceeded`
   *   for the sixth receiver without a level
   */
  enter(place: string, newcomer: Contender): () => void {
    const readers = this.#readers.get(place) ?? new Set();
    const holder = [...readers].find(({ epoch }) => epoch !== undefined);
    if (newcomer.epoch === undefined) refuseWithoutEpoch(holder, readers.size);
    else if (holder?.epoch !== undefined && holder.epoch > newcomer.epoch) {
      throw new Refusal(
        CONDITION.stolen,
        `Receiver '${holder.id}' with a higher epoch '${holder.epoch}' already exists. Receiver '${newcomer.id}' with epoch ${newcomer.epoch} cannot be created. Make sure you are creating receiver with increasing epoch value to ensure connectivity, or ensure all old epoch receivers are closed or disconnected.`,
      );
    }
    if (newcomer.epoch !== undefined) {
      for (const reader of readers) {
        readers.delete(reader);
        reader.disconnect({
          condition: CONDITION.stolen,
          description: `New receiver '${newcomer.id}' with higher epoch of '${newcomer.epoch}' is created hence current receiver '${reader.id}' with epoch '${reader.epoch ?? 'none'}' is getting disconnected. If you are recreating the receiver, make sure a higher epoch is used.`,
        });
      }
    }
    readers.add(newcomer);
    this.#readers.set(place, readers);
    return () => {
      readers.delete(newcomer);
      if (readers.size === 0 && this.#readers.get(place) === readers) this.#readers.delete(place);
    };
  }
}

function refuseWithoutEpoch(holder: Contender | undefined, readerCount: number): void {
  if (holder !== undefined) {
    throw new Refusal(
      CONDITION.stolen,
      `At least one receiver for the endpoint is created with epoch of '${holder.epoch}', and so non-epoch receiver is not allowed. Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.`,
    );
  }
  if (readerCount >= MAX_WITHOUT_EPOCH) {
    throw new Refusal(
      CONDITION.limit,
      `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${MAX_WITHOUT_EPOCH}.`,
    );
  }
}
