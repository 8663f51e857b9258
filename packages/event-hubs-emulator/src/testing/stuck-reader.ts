// A consumer with much credit whose test stops the whole process (SIGSTOP): its socket is then never read.
// Arguments: connection string, hub, partition, prefetch count.
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';

const [connectionString = '', hub = '', partition = '0', prefetchCount = '1'] = process.argv.slice(2);
const client = new EventHubConsumerClient('$Default', connectionString, hub);
let count = 0;
client.subscribe(
  partition,
  {
    async processEvents(events) {
      count += events.length;
      process.stdout.write(`${count}\n`);
    },
    async processError(error) {
      process.stdout.write(`${error.message}\n`);
      process.exit(1);
    },
  },
  { startPosition: earliestEventPosition, prefetchCount: Number(prefetchCount), maxBatchSize: 10 },
);
