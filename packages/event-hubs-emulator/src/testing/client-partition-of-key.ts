// The mapping of the client's buffered producer is not exported: it is read from its file. The producer itself
// keeps a timer for ten seconds after it is closed.
const url = new URL('./impl/partitionKeyToIdMapper.js', import.meta.resolve('@azure/event-hubs'));
const mapper = (await import(url.href)) as {
  mapPartitionKeyToId(key: string, partitionCount: number): number;
};

/** The partition that the official client's buffered producer sends a key to. */
export function clientPartitionOfKey(key: string, partitionCount: number): number {
  return mapper.mapPartitionKeyToId(key, partitionCount);
}
