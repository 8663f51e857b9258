import type { PartitionState } from '@verdict/storage';
import type { HubProperties, PartitionExtent } from '@verdict/streams';

/** The hub is not the one that the checkpoint speaks of: its sequence numbers mean other events. */
export class HubChanged extends Error {
  override readonly name = 'HubChanged';
}

/** Compares the hub with what the checkpoint recorded. @throws HubChanged */
export function assertSameHub(state: PartitionState, hub: HubProperties, extent: PartitionExtent): void {
  const { identity, partitions } = hub;
  if (state.hub !== null && state.hub.identity !== identity)
    throw new HubChanged(`HubChanged: the hub is ${identity}, the checkpoint is of ${state.hub.identity}`);
  if (state.hub !== null && state.hub.partitionCount !== partitions.length)
    throw new HubChanged(
      `HubChanged: the hub has ${partitions.length} partitions, the checkpoint is of ${state.hub.partitionCount}`,
    );
  if (extent.lastSequence < state.checkpoint)
    throw new HubChanged(
      `HubChanged: the partition ends at ${extent.lastSequence}, before the checkpoint ${state.checkpoint}`,
    );
}

/** Events behind the checkpoint that the hub has dropped already. A first claim misses nothing: it begins where the hub does. */
export function gapBehind(state: PartitionState, extent: PartitionExtent): number {
  return state.hub === null ? 0 : Math.max(0, extent.firstSequence - (state.checkpoint + 1));
}
