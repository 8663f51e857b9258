import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type Emulator, startEmulator } from './emulator.ts';
import { describeEventHubs } from './event-hubs.contract.ts';

// Another Event Hubs (Microsoft's emulator, a namespace in Azure) is tested when these are set.
const connectionString = process.env.VERDICT_EVENT_HUBS_CONNECTION_STRING;
const hub = process.env.VERDICT_EVENT_HUBS_HUB;
const otherConsumerGroup = process.env.VERDICT_EVENT_HUBS_CONSUMER_GROUP;

if (connectionString !== undefined && hub !== undefined) {
  const capabilities = { checksSignatures: false, maxMessageBytes: 1024 * 1024 };
  describeEventHubs('the given Event Hubs', capabilities, async () => ({
    connectionString,
    hub,
    otherConsumerGroup,
  }));
} else {
  let emulator: Emulator | undefined;
  let folder = '';
  describeEventHubs(
    'our Event Hubs emulator',
    { checksSignatures: true, maxMessageBytes: 1024 * 1024 },
    async () => {
      folder = await mkdtemp(join(tmpdir(), 'event-hubs-'));
      emulator = await startEmulator({
        dataFolder: folder,
        hubs: [{ name: 'data', partitions: 4, consumerGroups: ['other'] }],
      });
      return { connectionString: emulator.connectionString, hub: 'data', otherConsumerGroup: 'other' };
    },
  );
  after(async () => {
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });
}
