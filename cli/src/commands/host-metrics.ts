import os from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPatiently } from '../connect-platform.ts';
import { durationOption, integerOption } from '../duration.ts';
import { isAbort } from '../failure.ts';
import { runHostFeed } from '../host-metrics/host-feed.ts';
import { sampleHost } from '../host-metrics/host-sample.ts';
import { seriesOption, withUrl } from '../platform-options.ts';
import { progressOn } from '../progress.ts';
import { seriesKeyFrom } from '../series-key.ts';

interface HostMetricsOptions {
  url: string;
  series: string;
  interval: number;
  count?: number;
  buffer: number;
}

const details = `
Signals: cpu and memory_used in percent, load1, disk_read, disk_write, network_rx and network_tx in bytes per
second. What this computer cannot tell is sent as missing. While the gateway is away the newest readings are kept
and sent later. Ctrl-C stops.

Examples:
  $ verdict host-metrics
  $ verdict host-metrics --interval 5s --series host/build-server
`;

function intervalOption(text: string): number {
  const ms = durationOption(text);
  if (ms < 1000) throw new InvalidArgumentError('Give at least 1s.');
  return ms;
}

/** `verdict host-metrics`: sends the metrics of this computer. */
export function hostMetricsCommand(context: CommandContext): Command {
  const command = new Command('host-metrics')
    .description('send the metrics of this computer')
    .option('--series <key>', 'key of the series', seriesOption, `host/${seriesKeyFrom(os.hostname())}`)
    .addOption(
      new Option('--interval <duration>', 'time between two readings')
        .argParser(intervalOption)
        .default(1000, '1s'),
    )
    .option('--count <n>', 'end after so many readings', integerOption(1))
    .option('--buffer <n>', 'readings kept while the gateway is away', integerOption(1, 100_000), 3600)
    .addHelpText('after', details);
  return withUrl(command, context).action((options: HostMetricsOptions) => sendHostMetrics(context, options));
}

async function sendHostMetrics(context: CommandContext, options: HostMetricsOptions): Promise<void> {
  const { clock, signal } = context;
  const progress = progressOn(context);
  const client = await connectPatiently(context, options.url, progress);
  let droppedBefore = 0;
  try {
    await runHostFeed({
      series: options.series,
      sample: sampleHost,
      intervalMs: options.interval,
      capacity: options.buffer,
      count: options.count ?? Number.POSITIVE_INFINITY,
      send: (readings) => client.sendReadings(readings),
      clock,
      signal,
      onSent(sent, dropped) {
        if (dropped > droppedBefore)
          progress.say(`${dropped - droppedBefore} readings were lost while the gateway was away`);
        droppedBefore = dropped;
        progress.show(() => `${sent} readings of ${options.series} sent`);
      },
    });
  } catch (error) {
    // Being stopped is how this command ends.
    if (!isAbort(error)) throw error;
  } finally {
    progress.end();
  }
}
