import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator } from '@verdict/event-hubs-emulator';
import { testEventStream } from '../event-stream.contract.ts';
import { openEventHubs } from './event-hubs.ts';

testEventStream('Event Hubs, on the emulator', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'verdict-streams-'));
  const emulator = await startEmulator({ dataFolder, hubs: [{ name: 'data', partitions: 4 }] });
  const hubs = openEventHubs({ connectionString: emulator.connectionString, hub: 'data' });
  return {
    source: () => hubs.source(),
    sink: () => hubs.sink(),
    stop: async () => {
      await emulator.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
});
