import { mkdir, writeFile } from 'node:fs/promises';
import { abortOnSignal } from '@verdict/process/end-signals';
import { machineName } from '../machine-name.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import { tellWithSeconds } from '../tell-with-seconds.ts';
import { assertDescriptors, openFilesLimit } from './descriptors.ts';
import { startLivePlatform } from './live-platform.ts';
import { type LiveReport, measureLive, type Spread } from './measure-live.ts';
import { help, type LiveOptions, readOptions } from './options.ts';

const signal = abortOnSignal(console.error);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) console.log(help);
  else await measure(options);
} catch (error) {
  if (!signal.aborted) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function measure(options: LiveOptions): Promise<void> {
  assertDescriptors({ ...options, clients: options.clients + options.stalled }, openFilesLimit());
  if (options.profile !== null) await mkdir(options.profile, { recursive: true });
  const tell = tellWithSeconds();
  const platform = await startLivePlatform(options);
  try {
    const report = await measureLive(options, platform, { signal, tell });
    const machine = machineName();
    console.log(`${options.clients} clients, ${options.gateways} gateway(s); ${machine}; times in ms.\n`);
    console.log(tablesOf(report));
    if (options.json !== null)
      await writeFile(options.json, `${JSON.stringify({ machine, options, ...report }, null, 1)}\n`);
    if (report.missing > 0 || report.ended > 0) process.exitCode = 1;
  } finally {
    await platform.stop();
  }
}

function tablesOf(report: LiveReport): string {
  const row = (name: string, { p50, p99, max }: Spread) => [
    name,
    shown(p50, 0),
    shown(p99, 0),
    shown(max, 0),
  ];
  const { cpuMicros, burst } = report;
  return [
    markdownTable(
      [`${report.anomalies} anomalies`, 'p50', 'p99', 'max'],
      [
        row('commit → event at a client', report.fromCommit),
        row('answer to POST /anomaly → event at a client', report.fromAck),
        row('commit → event at the last client', report.untilAll),
      ],
    ),
    markdownTable(
      ['', ''],
      [
        ['CPU of the gateways per message and client, µs', shown(cpuMicros.gateways, 1)],
        ['… of the clients, µs', shown(cpuMicros.clients, 1)],
        ['… of the database, µs', shown(cpuMicros.database, 1)],
        [`${burst.anomalies} anomalies at once: until all have all`, shown(burst.ms, 0)],
        ['… CPU of the gateways per message and client, µs', shown(burst.gatewayMicros, 1)],
        ['memory of the gateways per client, KiB', shown(report.bytesPerClient / 1024, 1)],
        ['all connected after, s', shown(report.connectSeconds, 1)],
        ['CPU of the gateways per connection made, ms', shown(report.connectCpuMs, 2)],
        ['events that did not come', String(report.missing)],
        ['connections that ended', String(report.ended)],
        ['clients that did not read and were ended', String(report.slowEnded)],
      ],
    ),
  ].join('\n\n');
}
