import {
  encodeReadings,
  openEventHubs,
  packedEventBytes,
  partitionOfKey,
  type ReadingBlock,
} from '@verdict/streams';
import type { MadeReadings } from './made-readings.ts';

/** The machine may have much else to do. */
const patience = { retryForMs: 120_000, attemptMs: 60_000 };

/** Series whose first readings are put into the hub at once. */
const seriesPerTurn = 400;

/** Puts the readings before the first measured row straight into the hub, many of a series together. Resolves with their number. */
export async function fillHub(
  hub: { connectionString: string; partitions: number },
  made: MadeReadings,
): Promise<number> {
  const sink = openEventHubs({ connectionString: hub.connectionString, hub: 'data', ...patience }).sink();
  let readings = 0;
  try {
    for (let from = 0; from < made.keys.length; from += seriesPerTurn) {
      const byPartition = new Map<string, ReadingBlock[]>();
      for (let series = from; series < Math.min(from + seriesPerTurn, made.keys.length); series += 1) {
        const block = firstRows(made, series);
        readings += block.times.length;
        const partition = String(partitionOfKey(block.series, hub.partitions));
        byPartition.set(partition, [...(byPartition.get(partition) ?? []), block]);
      }
      await Promise.all(
        [...byPartition].map(([partition, blocks]) => sink.send(partition, eventsOf(blocks))),
      );
    }
  } finally {
    await sink.close();
  }
  return readings;
}

function firstRows(made: MadeReadings, series: number): ReadingBlock {
  const count = made.rowsBefore(series);
  return {
    series: made.keys[series] ?? '',
    signals: [made.signal],
    times: Float64Array.from({ length: count }, (_, row) => made.timeMs(series, row - count)),
    values: Float32Array.from({ length: count }, (_, row) => made.value(series, row - count)),
  };
}

/** Events that stay well below what one may hold. */
function eventsOf(blocks: readonly ReadingBlock[]): Uint8Array[] {
  const perEvent = Math.max(1, Math.floor(packedEventBytes / 8 / (blocks[0]?.times.length ?? 1) / 8));
  const bodies: Uint8Array[] = [];
  for (let at = 0; at < blocks.length; at += perEvent)
    bodies.push(encodeReadings(blocks.slice(at, at + perEvent)));
  return bodies;
}
