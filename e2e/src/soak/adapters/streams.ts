import {
  type EventHubsOptions,
  type EventSink,
  type EventSource,
  openEventHubs as openReal,
  type PartitionReader,
} from '@verdict/streams';
import { GatedReader } from './gated-reader.ts';
import { link } from './link.ts';

export * from '@verdict/streams';

/** As the real ones; what detectors read is told to the soak, and held back where it says so. */
export function openEventHubs(options: EventHubsOptions): { source(): EventSource; sink(): EventSink } {
  const hubs = openReal(options);
  return { sink: () => hubs.sink(), source: () => observed(hubs.source()) };
}

function observed(source: EventSource): EventSource {
  return {
    properties: () => source.properties(),
    extent: (partition) => source.extent(partition),
    close: () => source.close(),
    async open(options) {
      const { firstSequence } = await source.extent(options.partition);
      const next = options.start === 'earliest' ? firstSequence : options.start.afterSequence + 1;
      const reader = telling(await source.open(options), options);
      return link.gated ? new GatedReader(reader, { partition: options.partition, next }) : reader;
    },
  };
}

function telling(
  reader: PartitionReader,
  { partition, ownerLevel }: { partition: string; ownerLevel: number },
): PartitionReader {
  return {
    close: () => reader.close(),
    async read(limits) {
      const events = await reader.read(limits);
      const [first, last] = [events[0]?.sequence, events.at(-1)?.sequence];
      if (first !== undefined && last !== undefined)
        link.tell({ kind: 'read', partition, epoch: ownerLevel, first, last });
      return events;
    },
  };
}
