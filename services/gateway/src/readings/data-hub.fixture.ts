import { decodeReadings, openEventHubs } from '@verdict/streams';
import type { Platform } from '../gateway.fixture.ts';

type Block = ReturnType<typeof decodeReadings>[number];

/** Everything that the data hub has, in its order partition by partition. */
export async function blocksInDataHub({ emulator }: Pick<Platform, 'emulator'>): Promise<Block[]> {
  const { connectionString } = emulator;
  const source = openEventHubs({ connectionString, hub: 'data' }).source();
  const found: Block[] = [];
  for (const partition of (await source.properties()).partitions) {
    const { lastSequence } = await source.extent(partition);
    if (lastSequence < 0) continue;
    const reader = await source.open({
      consumerGroup: '$Default',
      partition,
      start: 'earliest',
      ownerLevel: Date.now(),
    });
    for (let last = -1; last < lastSequence; ) {
      for (const { sequence, body } of await reader.read({ maxEvents: 100, maxWaitMs: 5000 })) {
        last = sequence;
        found.push(...decodeReadings(body));
      }
    }
    await reader.close();
  }
  await source.close();
  return found;
}
