import type { EventHubProperties, PartitionProperties } from '@azure/event-hubs';
import type { HubProperties, PartitionExtent } from '../event-stream.ts';

/** Asks the hub what it is. Its identity is its name and the instant at which it was made. */
export async function hubProperties(
  client: { getEventHubProperties(options: { abortSignal: AbortSignal }): Promise<EventHubProperties> },
  abortSignal: AbortSignal,
): Promise<HubProperties> {
  const { name, createdOn, partitionIds } = await client.getEventHubProperties({ abortSignal });
  return { identity: `${name}@${createdOn.toISOString()}`, partitions: partitionIds };
}

/** The extent that a partition's properties tell. */
export function extentOf(properties: PartitionProperties): PartitionExtent {
  const { isEmpty, beginningSequenceNumber, lastEnqueuedSequenceNumber } = properties;
  // A partition whose events have all expired still names a beginning that no event has.
  const firstSequence = isEmpty ? lastEnqueuedSequenceNumber + 1 : beginningSequenceNumber;
  return { firstSequence, lastSequence: lastEnqueuedSequenceNumber };
}
