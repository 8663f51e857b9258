import type { Reading } from '@verdict/contracts';
import { type EventSink, packReadings, StreamUnavailable } from '@verdict/streams';

/** Sends readings to the data hub. */
export interface DataSender {
  /** Resolves when the hub has all of them; throws `StreamUnavailable` when it may have only some. */
  send(readings: readonly Reading[]): Promise<void>;
  /** How many partitions the hub has. */
  partitionCount(): Promise<number>;
}

/** Makes the sender; the number of partitions is asked once, and again after an outage. */
export function dataSender(sink: EventSink): DataSender {
  let known: Promise<number> | null = null;
  const partitionCount = (): Promise<number> => {
    known ??= sink.properties().then((properties) => properties.partitions.length);
    return known;
  };
  const forget = (error: unknown): never => {
    known = null;
    throw error;
  };
  return {
    partitionCount: () => partitionCount().catch(forget),
    async send(readings) {
      const packed = packReadings(inOrder(readings), await partitionCount().catch(forget));
      // All are waited for, even after a failure: the bytes are in flight until the last one has ended.
      const results = await Promise.allSettled(
        [...packed].map(([partition, bodies]) => sink.send(partition, bodies)),
      );
      const failed = results.find((result) => result.status === 'rejected');
      if (failed === undefined) return;
      if (failed.reason instanceof StreamUnavailable) known = null;
      throw failed.reason;
    },
  };
}

/**
 * Sorts by time where that is needed: a reading before its series' newest one would be late. Of two with the same
 * series and time the first one stays the first, which is the one that counts.
 */
function inOrder(readings: readonly Reading[]): readonly Reading[] {
  const ascending = readings.every(({ time }, index) => time >= (readings[index - 1]?.time ?? time));
  return ascending ? readings : readings.toSorted((one, other) => one.time - other.time);
}
