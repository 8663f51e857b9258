import { decodeReadings } from '@verdict/streams';
import { eventsInHub } from '../events-in-hub.fixture.ts';
import type { Platform } from '../gateway.fixture.ts';

type Block = ReturnType<typeof decodeReadings>[number];

/** Everything that the data hub has, in its order partition by partition. */
export async function blocksInDataHub(platform: Pick<Platform, 'emulator'>): Promise<Block[]> {
  return (await eventsInHub(platform, 'data')).flatMap(({ body }) => decodeReadings(body));
}
