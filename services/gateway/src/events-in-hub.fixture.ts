import assert from 'node:assert/strict';
import { openEventHubs, type ReceivedEvent } from '@verdict/streams';
import type { Platform } from './gateway.fixture.ts';

/** However slow the machine is, what a hub has comes out of it within this. */
const withinMs = 60_000;

/** Everything that a hub has by now, in its order partition by partition; fails when it does not come. */
export async function eventsInHub(
  { emulator }: Pick<Platform, 'emulator'>,
  hub: 'data' | 'feedback',
): Promise<(ReceivedEvent & { partition: string })[]> {
  const source = openEventHubs({ connectionString: emulator.connectionString, hub }).source();
  const found: (ReceivedEvent & { partition: string })[] = [];
  const deadlineMs = performance.now() + withinMs;
  for (const partition of (await source.properties()).partitions) {
    const { lastSequence } = await source.extent(partition);
    if (lastSequence < 0) continue;
    const ownerLevel = Date.now();
    const reader = await source.open({ consumerGroup: '$Default', partition, start: 'earliest', ownerLevel });
    for (let last = -1; last < lastSequence; ) {
      assert.ok(performance.now() < deadlineMs, `only ${last} of ${lastSequence} came out of ${partition}`);
      for (const event of await reader.read({ maxEvents: 100, maxWaitMs: 5000 })) {
        last = event.sequence;
        found.push({ partition, ...event });
      }
    }
    await reader.close();
  }
  await source.close();
  return found;
}
