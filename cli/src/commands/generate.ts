import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PlatformClient } from '@verdict/platform-client';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPatiently } from '../connect-platform.ts';
import { durationOption, instantOption, integerOption } from '../duration.ts';
import { isAbort, UsageFailure } from '../failure.ts';
import { type GenerateOptions, type GeneratePlan, planGenerate } from '../generate/generate-plan.ts';
import { knownReadings, resumePlan } from '../generate/resume-step.ts';
import { dealLanes, runShopLane } from '../generate/shop-lane.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { progressOn } from '../progress.ts';
import { runTogether } from '../run-together.ts';
import { createShop, type InjectionKind, injectionKinds } from '../shop/index.ts';
import { writeLine } from '../write-line.ts';

interface Options extends GenerateOptions {
  url: string;
  json?: boolean;
  concurrency: number;
  batch: number;
  printInjected?: boolean;
  injectedOut?: string;
  dryRun?: boolean;
  resume?: boolean;
}

const details = `
Every service sends requests and errors per second, latency_p99 in seconds and cpu in percent. They follow a day
and a week that last only minutes. The same seed gives the same values at the same time, whenever it runs.

Anomalies: spike, drop, drift, flat (a signal stands still), correlation (a signal moves against the others while
staying in its usual range). --print-injected writes one JSON line for each as its first reading was sent:
  {"series":"shop/cart","kind":"spike","start":"…","end":"…","signals":["latency_p99"],"magnitude":17.3}
(end = its last reading; magnitude = largest difference from normal, in standard deviations of the noise)

--change-after changes what is normal: so long after the first reading every service starts to run short jobs (4 to
12 readings, one in 100 to 160 readings) in which its signals move in ways that no anomaly has. Nothing is wrong in
them, and --print-injected does not name them: a model that has learnt the time before takes them for anomalies until
it is taught better. Anomalies go on as before, never close to a job. With --resume the time counts from the very
first reading of the shop, so that the change stays where it is.

While the gateway is away it waits and then sends what has piled up. Ctrl-C stops.

Examples:
  $ verdict generate                                     24 series, one reading a second each, until Ctrl-C
  $ verdict generate --backfill 30m                      the last half hour at once, then live
  $ verdict generate --resume --backfill 30m             the same, or what was missed since the last run
  $ verdict generate --series 200 --seed 7 --injected-out injected.jsonl
  $ verdict generate --count 3600 --as-fast-as-possible  the last hour, then end
  $ verdict generate --kinds spike,drop --anomaly-rate 5m --quiet-first 10m
  $ verdict generate --change-after 20m                  what false alarms are, and what answering "false" does
  $ verdict generate --count 10 --as-fast-as-possible --dry-run      look at the readings, send nothing
`;

function kindsOption(text: string): InjectionKind[] {
  return text.split(',').map((name) => {
    const kind = injectionKinds.find((each) => each === name.trim());
    if (kind === undefined) throw new InvalidArgumentError(`There are ${injectionKinds.join(', ')}.`);
    return kind;
  });
}

function positiveDuration(text: string): number {
  const ms = durationOption(text);
  if (ms <= 0 || !Number.isInteger(ms)) throw new InvalidArgumentError('Give at least 1ms.');
  return ms;
}

/** An option whose default is shown as it would be typed. */
function defaulted<T>(flags: string, help: string, parse: (text: string) => T, typed: string): Option {
  return new Option(flags, help).argParser(parse).default(parse(typed), typed);
}

/** `verdict generate`: sends the demonstration shop. */
export function generateCommand(context: CommandContext): Command {
  const instant = instantOption(context.clock.nowMs);
  const kinds = injectionKinds.join(',');
  const command = new Command('generate')
    .description('send the demonstration shop: many series with anomalies put in on purpose')
    .option('--series <n>', 'number of services', integerOption(1, 100_000), 24)
    .option('--seed <n>', 'decides every value', integerOption(0, 2 ** 31 - 1), 1)
    .addOption(
      defaulted('--interval <duration>', 'time between two readings of a series', positiveDuration, '1s'),
    )
    .addOption(
      defaulted('--day <duration>', 'length of a day in the shop; a week is 7', positiveDuration, '4m'),
    )
    .addOption(
      defaulted(
        '--anomaly-rate <duration>',
        'mean time between anomalies of a series; 0s = none',
        durationOption,
        '30m',
      ),
    )
    .addOption(defaulted('--kinds <list>', 'kinds of anomalies', kindsOption, kinds))
    .addOption(
      defaulted('--quiet-first <duration>', 'no anomaly begins in this first part', durationOption, '2m'),
    )
    .option(
      '--change-after <duration>',
      'so long after the first reading normal behaviour changes: jobs begin that are no anomalies',
      durationOption,
    )
    .option('--start <time>', 'time of the first reading (a time, or how long ago)', instant)
    .option('--backfill <duration>', 'send this much of the past first, then live', durationOption)
    .option('--resume', 'go on where the run before stopped, at most --backfill ago')
    .option('--count <n>', 'end after so many readings of each series', integerOption(1))
    .option('--as-fast-as-possible', 'do not wait for the time of each reading; needs --count')
    .option('--concurrency <n>', 'requests at the same time', integerOption(1, 64), 4)
    .option('--batch <n>', 'most readings in one request', integerOption(1, 10_000), 2000)
    .option('--print-injected', 'write each anomaly put in to stdout, as a JSON line')
    .option('--injected-out <file>', 'append the same to a file')
    .option('--dry-run', 'write the readings to stdout as JSON lines instead of sending them')
    .addHelpText('after', details);
  return withJson(withUrl(command, context)).action((options: Options) => generate(context, options));
}

async function generate(context: CommandContext, options: Options): Promise<void> {
  const { clock, signal, stdout } = context;
  if (options.resume && (options.dryRun || options.start !== undefined || options.asFastAsPossible))
    throw new UsageFailure(
      '--resume goes with --backfill alone, not with --start, --as-fast-as-possible or --dry-run.',
    );
  if (options.printInjected && options.dryRun)
    throw new UsageFailure('Give --print-injected or --dry-run, not both; --injected-out goes with either.');
  const startedAtMs = clock.nowMs();
  const fresh = planGenerate(options, startedAtMs);
  const progress = progressOn(context);
  const client = options.dryRun ? null : await connectPatiently(context, options.url, progress);
  const plan = options.resume && client !== null ? await resumed(fresh, client) : fresh;
  const shop = createShop(plan.shop);
  const file = options.injectedOut === undefined ? null : await openAppending(options.injectedOut);
  const sent = { readings: 0, injected: 0 };

  const lanes = dealLanes(options.series, options.concurrency).map(
    (indices) => (laneSignal: AbortSignal) =>
      runShopLane({
        shop,
        plan,
        indices,
        batchReadings: options.batch,
        clock,
        signal: laneSignal,
        async send(readings) {
          if (client !== null) await client.sendReadings(readings);
          else for (const reading of readings) await writeLine(stdout, JSON.stringify(reading));
        },
        async onSent(fromStep, toStep) {
          sent.readings += (toStep - fromStep) * indices.length;
          for (const index of indices)
            for (const injected of shop.injections(index, fromStep, toStep)) {
              sent.injected += 1;
              const line = JSON.stringify(injected);
              if (options.printInjected) await writeLine(stdout, line);
              if (file !== null) await writeLine(file, line);
            }
          progress.show(() => `${sent.readings} readings sent, ${sent.injected} anomalies put in`);
        },
      }),
  );
  try {
    await runTogether(signal, lanes);
  } catch (error) {
    // A request to stop is the usual end of a run, not a failure.
    if (!isAbort(error)) throw error;
  } finally {
    progress.end();
    if (file !== null) await finished(file.end());
  }
  const seconds = (clock.nowMs() - startedAtMs) / 1000;
  if (options.json) await writeLine(stdout, JSON.stringify({ ...sent, series: options.series, seconds }));
  else
    progress.say(
      `sent ${sent.readings} readings of ${options.series} series; ${sent.injected} anomalies put in`,
    );
}

async function resumed(plan: GeneratePlan, client: PlatformClient): Promise<GeneratePlan> {
  const { series } = createShop(plan.shop);
  return resumePlan(plan, series, await knownReadings(client, series));
}

async function openAppending(path: string): Promise<Writable> {
  const file = createWriteStream(path, { flags: 'a' });
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', (error) =>
      reject(new UsageFailure(`--injected-out cannot be written: ${error.message}.`)),
    );
  });
  return file;
}
