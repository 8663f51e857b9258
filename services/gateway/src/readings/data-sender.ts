import type { Reading } from '@verdict/contracts';
import { type EventSink, partitionOfKey, StreamUnavailable } from '@verdict/streams';
import { noWatch, PartitionOutlet, type PublishWatch } from './partition-outlet.ts';

/** Sends readings to the data hub. */
export interface DataSender {
  /** Resolves when the hub has all of them; throws `StreamUnavailable` when it may have only some. */
  send(readings: readonly Reading[]): Promise<void>;
  /** How many partitions the hub has. */
  partitionCount(): Promise<number>;
}

/** Makes the sender; the number of partitions is asked once, and again after an outage. */
export function dataSender(sink: EventSink, watch: PublishWatch = noWatch): DataSender {
  let known: Promise<number> | null = null;
  const outlets = new Map<number, PartitionOutlet>();
  const partitionCount = (): Promise<number> => {
    known ??= sink.properties().then((properties) => properties.partitions.length);
    return known;
  };
  const forget = (error: unknown): never => {
    known = null;
    throw error;
  };
  const outletOf = (partition: number): PartitionOutlet => {
    const outlet = outlets.get(partition) ?? new PartitionOutlet(sink, String(partition), watch);
    outlets.set(partition, outlet);
    return outlet;
  };
  return {
    partitionCount: () => partitionCount().catch(forget),
    async send(readings) {
      const count = await partitionCount().catch(forget);
      // All are waited for, even after a failure: the bytes are in flight until the last one has ended.
      const results = await Promise.allSettled(
        [...byPartition(inOrder(readings), count)].map(([partition, share]) =>
          outletOf(partition).send(share),
        ),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed === undefined) return;
      if (failed.reason instanceof StreamUnavailable) known = null;
      throw failed.reason;
    },
  };
}

function byPartition(readings: readonly Reading[], count: number): Map<number, Reading[]> {
  const shares = new Map<number, Reading[]>();
  for (const reading of readings) {
    const partition = partitionOfKey(reading.series, count);
    const share = shares.get(partition);
    if (share === undefined) shares.set(partition, [reading]);
    else share.push(reading);
  }
  return shares;
}

/**
 * Sorts by time where that is needed: a reading before its series' newest one would be late. Of two with the same
 * series and time the first one stays the first, which is the one that counts.
 */
function inOrder(readings: readonly Reading[]): readonly Reading[] {
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (const { time } of readings) {
    if (time < beforeMs) return readings.toSorted((one, other) => one.time - other.time);
    beforeMs = time;
  }
  return readings;
}
