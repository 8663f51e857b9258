import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPatiently } from '../connect-platform.ts';
import { integerOption } from '../duration.ts';
import { CommandFailure, UsageFailure } from '../failure.ts';
import { seriesOption, withJson, withUrl } from '../platform-options.ts';
import { type Progress, progressOn } from '../progress.ts';
import type { CsvOptions } from '../replay/csv-rows.ts';
import { type CsvSurvey, surveyCsv } from '../replay/csv-survey.ts';
import { replayFile } from '../replay/replay-file.ts';
import { replayTiming } from '../replay/replay-timing.ts';
import { runTogether } from '../run-together.ts';
import { seriesKeyFrom } from '../series-key.ts';

interface ReplayOptions {
  url: string;
  json?: boolean;
  speed: number;
  keepTimes?: boolean;
  series?: string;
  signalPrefix: string;
  strict?: boolean;
  batch: number;
}

const details = `
FILE is a CSV file (or .csv.gz) with a heading; the first column is a time stamp (ISO 8601, YYYY-MM-DD HH:MM:SS in
UTC, or seconds or milliseconds since 1970), every other column a signal. An empty cell is a missing value. A row
that cannot be read is named and skipped. Each file is one series, named after the file. Files are sent side by side.

Unless --keep-times is given, all times are shifted so that the file ends now.

Examples:
  $ verdict replay cpu.csv                                  as fast as accepted, ending now
  $ verdict replay week.csv.gz --speed 600                  ten minutes of the file each second
  $ verdict replay today.csv --keep-times --series plant/pump-7
  $ verdict replay metrics/*.csv --strict                   refuse everything if a row cannot be read
`;

/** Files that are sent at the same time. */
const filesAtOnce = 4;
/** Rows that cannot be read, named one by one for each file; the rest is counted. */
const namedRows = 20;

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
    .option('--speed <n>', "times the file's own pace, or max", speedOption, Number.POSITIVE_INFINITY)
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

/** A file with what is known about it before its first row is sent. */
interface Surveyed {
  csv: CsvOptions;
  series: string;
  survey: CsvSurvey;
}

async function replay(
  context: CommandContext,
  files: readonly string[],
  options: ReplayOptions,
): Promise<void> {
  const { clock, signal, stdout } = context;
  const named = nameSeries(files, options.series);
  const progress = progressOn(context);
  const surveyed: Surveyed[] = [];
  for (const [series, file] of named) {
    const csv = { file, signalPrefix: options.signalPrefix, signal };
    surveyed.push({ csv, series, survey: await survey(csv, progress, options.strict === true) });
  }
  const client = await connectPatiently(context, options.url, progress);
  const rows = surveyed.reduce((sum, each) => sum + each.survey.rows, 0);
  let sent = 0;
  const startedAtMs = clock.nowMs();
  const waiting = [...surveyed];
  const sendFiles = async (laneSignal: AbortSignal) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { csv, series, survey: known } = next;
      await replayFile({
        csv: { ...csv, signal: laneSignal },
        series,
        timing: replayTiming({ ...known, startedAtMs, speed: options.speed, keepTimes: !!options.keepTimes }),
        batchReadings: options.batch,
        send: (readings) => client.sendReadings(readings),
        onSent(readings) {
          sent += readings;
          progress.show(() => `${sent} of ${rows} readings sent`);
        },
        clock,
      });
    }
  };
  // At a given pace every file keeps its own time, so all must run at once.
  const lanes = options.speed === Number.POSITIVE_INFINITY ? filesAtOnce : surveyed.length;
  try {
    await runTogether(signal, Array<typeof sendFiles>(lanes).fill(sendFiles));
  } catch (error) {
    if (signal.aborted)
      progress.say(`stopped after ${sent} of ${rows} readings; sending them again is harmless`);
    throw error;
  } finally {
    progress.end();
  }
  const seconds = (clock.nowMs() - startedAtMs) / 1000;
  const series = surveyed.map((each) => ({ series: each.series, file: each.csv.file, ...each.survey }));
  const text = series
    .map((each) => `${each.rows} readings of ${each.series} sent from ${each.file}`)
    .join('\n');
  stdout.write(`${options.json ? JSON.stringify({ sent, seconds, series }) : text}\n`);
}

/** Series key → file. */
function nameSeries(files: readonly string[], series: string | undefined): Map<string, string> {
  if (series !== undefined && files.length > 1)
    throw new UsageFailure('--series names one series, so give it one file.');
  const named = new Map<string, string>();
  for (const file of files) {
    const key = series ?? seriesKeyFrom(path.basename(file).replace(/(\.csv)?(\.gz)?$/i, ''));
    const other = named.get(key);
    if (other !== undefined)
      throw new UsageFailure(`${other} and ${file} would both be the series ${key}; send one with --series.`);
    named.set(key, file);
  }
  return named;
}

async function survey(csv: CsvOptions, progress: Progress, strict: boolean): Promise<CsvSurvey> {
  let named = 0;
  const found = await surveyCsv(csv, ({ line, reason }) => {
    if (strict) throw new CommandFailure(`${csv.file} line ${line}: ${reason}. Nothing was sent.`);
    named += 1;
    if (named <= namedRows) progress.say(`${csv.file} line ${line} is skipped: ${reason}`);
  });
  if (named > namedRows) progress.say(`${csv.file}: ${named - namedRows} more rows are skipped`);
  if (found.outOfOrder > 0)
    progress.say(
      `${csv.file}: ${found.outOfOrder} rows are earlier than one before them and may count as late`,
    );
  return found;
}
