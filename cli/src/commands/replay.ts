import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPatiently } from '../connect-platform.ts';
import { durationOption, integerOption } from '../duration.ts';
import { seriesOption, withJson, withUrl } from '../platform-options.ts';
import { progressOn } from '../progress.ts';
import { nameSeries, type PreparedFile, prepareFile } from '../replay/prepared-file.ts';
import { replayFiles } from '../replay/replay-files.ts';
import { writeLine } from '../write-line.ts';

interface ReplayOptions {
  url: string;
  json?: boolean;
  speed: number;
  keepTimes?: boolean;
  last?: number;
  series?: string;
  signalPrefix: string;
  strict?: boolean;
  batch: number;
}

const details = `
FILE is a CSV file (or .csv.gz) with a heading; the first column is a time stamp (ISO 8601, YYYY-MM-DD HH:MM:SS in
UTC, or seconds or milliseconds since 1970), every other column a signal. An empty cell is a missing value. A row
that cannot be read is named and skipped. Each file is one series, named after the file. Files are sent side by side.

Unless --keep-times is given, all times are shifted so that the file ends now. Readings older than what the platform
keeps (30 days unless set otherwise) are refused: --last 30d sends only the end of a longer file. Sending a file again
into the same series lies before what was sent already and counts as late: give another --series.

Examples:
  $ verdict replay cpu.csv                                  as fast as accepted, ending now
  $ verdict replay week.csv.gz --speed 600                  ten minutes of the file each second
  $ verdict replay year.csv --last 30d
  $ verdict replay today.csv --keep-times --series plant/pump-7
  $ verdict replay metrics/*.csv --strict                   refuse everything if a row cannot be read
`;

function speedOption(text: string): number {
  const speed = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (!(speed > 0)) throw new InvalidArgumentError('Give a number above 0, or max.');
  return speed;
}

/** `verdict replay`: sends CSV files through the front door. */
export function replayCommand(context: CommandContext): Command {
  const command = new Command('replay')
    .description('send your own data from CSV files')
    .argument('<file...>', 'CSV files, plain or .gz')
    .addOption(
      new Option('--speed <n>', "times the file's own pace, or max")
        .argParser(speedOption)
        .default(Number.POSITIVE_INFINITY, 'max'),
    )
    .option('--last <duration>', 'send only this last part of each file', durationOption)
    .option('--keep-times', 'send the times as the file has them')
    .option('--series <key>', 'key of the series (one file only)', seriesOption)
    .option('--signal-prefix <text>', 'put before the name of each signal', '')
    .option('--strict', 'send nothing when a row cannot be read')
    .option('--batch <n>', 'most readings in one request', integerOption(1, 10_000), 2000)
    .addHelpText('after', details);
  return withJson(withUrl(command, context)).action((files: string[], options: ReplayOptions) =>
    replay(context, files, options),
  );
}

async function replay(
  context: CommandContext,
  paths: readonly string[],
  options: ReplayOptions,
): Promise<void> {
  const { clock, signal, stdout } = context;
  const progress = progressOn(context);
  const { strict = false, signalPrefix, last: lastMs = Number.POSITIVE_INFINITY } = options;
  const files: PreparedFile[] = [];
  for (const [series, file] of nameSeries(paths, options.series))
    files.push(await prepareFile({ file, series, signalPrefix, strict, lastMs, signal, tell: progress.say }));
  const client = await connectPatiently(context, options.url, progress);
  const startedAtMs = clock.nowMs();
  let sent = 0;
  try {
    await replayFiles({
      files,
      speed: options.speed,
      keepTimes: options.keepTimes === true,
      batchReadings: options.batch,
      send: (readings) => client.sendReadings(readings),
      onSent(readings) {
        sent += readings;
        progress.show(() => `${sent} readings sent`);
      },
      clock,
      signal,
    });
  } catch (error) {
    if (signal.aborted) progress.say(`stopped after ${sent} readings`);
    throw error;
  } finally {
    progress.end();
  }
  const seconds = (clock.nowMs() - startedAtMs) / 1000;
  const series = files.map(({ csv, survey, series: key, sent: readings }) => ({
    series: key,
    file: csv.file,
    sent: readings,
    malformed: survey.malformed,
    outOfOrder: survey.outOfOrder,
  }));
  const lines = series.map((each) => `${each.sent} readings of ${each.series} sent from ${each.file}`);
  await writeLine(stdout, options.json ? JSON.stringify({ sent, seconds, series }) : lines.join('\n'));
}
