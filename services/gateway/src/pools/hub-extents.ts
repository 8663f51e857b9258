import type { Clock } from '@verdict/process';
import type { EventSource } from '@verdict/streams';
import { keptAnswer } from '../kept-answer.ts';

/** The data hub's partitions and their newest sequence numbers; null numbers when the hub cannot be asked. */
export interface HubExtents {
  /** Partition id → sequence number of the newest event. Empty when the hub cannot be asked in time. */
  newest(): Promise<ReadonlyMap<string, number>>;
}

const keptMs = 2000;
const withinMs = 1500;
const nothing: ReadonlyMap<string, number> = new Map();

/** Asks the hub at most every two seconds. */
export function hubExtents(source: EventSource, clock: Clock): HubExtents {
  const ask = async (): Promise<ReadonlyMap<string, number>> => {
    const { partitions } = await source.properties();
    return new Map(
      await Promise.all(partitions.map(async (id) => [id, (await source.extent(id)).lastSequence] as const)),
    );
  };
  const answer = keptAnswer(ask, keptMs, clock.monotonicMs);
  return {
    async newest() {
      const late = new AbortController();
      try {
        // The lag is a nicety of the view: without the hub the pools are shown all the same.
        return await Promise.race([
          answer.get().catch(() => nothing),
          clock.sleep(withinMs, late.signal).then(
            () => nothing,
            () => nothing,
          ),
        ]);
      } finally {
        late.abort();
      }
    },
  };
}
