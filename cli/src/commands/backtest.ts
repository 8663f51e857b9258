import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { integerOption } from '../duration.ts';
import { UsageFailure } from '../failure.ts';
import { withJson } from '../platform-options.ts';

interface GivenOptions {
  out?: string;
  seed: number;
  window: number;
  signals: 'each' | 'together';
  recurring: 'habit' | 'alarm';
  model: string;
  batch: number;
  onBadRow: 'refuse' | 'skip';
  plot?: string;
  json?: boolean;
}

const details = `
Runs the engine that detectors run over a CSV file (plain or .gz): a heading, then a time stamp (ISO 8601,
YYYY-MM-DD HH:MM:SS in UTC, or seconds or milliseconds since 1970) and one column per signal; an empty cell is a
missing value. Nothing needs to be running. Of a folder every .csv and .csv.gz below it is read, each by itself.

Written is a line per reading that could be read:
  timestamp   as it stands in the file
  score       0 to 1: half the engine's score, and 0.5 more where an alarm is raised, so that above 0.5 are the alarms.
              0 during the warm-up, and for readings that are not newer than those before them
  alarm       1 when an alarm is raised: the reading opens an anomaly; people are told once, not at each reading of it
  anomaly_id  the anomaly that was open when the reading was scored, or that it opened, if the reading is unusual
What a reading gets depends on it and on those before it alone: cutting the file changes nothing before the cut.

The engine starts without a model and learns: after 512 readings, and again at each doubling, a net is trained with
what was read so far (alarms left out) and takes over. --model built-in leaves that away. Equal files, options and
seeds give equal output.

--model FOLDER scores with a version that is there already, from the first reading on and without learning: a folder
as the retrainer publishes it, with manifest.json and model.onnx. The net is checked against the manifest's SHA-256.
Signals, window, what recurs and the false alarms that it was taught are what the manifest says; a file needs every
signal that the version looks at, and others are passed over. False alarms taught for one series alone count for the
file of that name.

Examples:
  $ verdict backtest cpu.csv                                      to the standard output
  $ verdict backtest cpu.csv --out scored.csv --plot scored.svg
  $ verdict backtest machines/ --out scored/ --signals each       each signal of a file by itself
  $ verdict backtest machines/ --json --model built-in            a summary only
  $ verdict backtest cart.csv --model .verdict/blobs/models/default/shop/3     what that version would have said
`;

/** `verdict backtest`: the engine over a file, without a platform. */
export function backtestCommand(context: CommandContext): Command {
  const command = new Command('backtest')
    .description('score a CSV file, or a folder of them, without anything running')
    .argument('<file|folder>', 'a CSV file, plain or .gz, or a folder of them')
    .option('--out <file|folder>', 'where to write; for a folder, files keep their places in it')
    .option(
      '--model <kind|folder>',
      'trained: learn on the way; built-in: never; or the folder of a version that scores all along',
      'trained',
    )
    .addOption(
      new Option('--signals <how>', 'score each signal by itself, or all together')
        .choices(['each', 'together'])
        .default('together'),
    )
    .addOption(
      new Option('--recurring <what>', 'what comes again and again: becomes usual, or is an alarm each time')
        .choices(['habit', 'alarm'])
        .default('habit'),
    )
    .option('--window <n>', 'readings in a window', integerOption(4, 128), 32)
    .option('--seed <n>', 'seed of trainings', integerOption(0, 2 ** 32 - 1), 1)
    .option(
      '--batch <n>',
      'most readings scored at once; changes nothing in the output',
      integerOption(1, 100_000),
      512,
    )
    .addOption(
      new Option('--on-bad-row <what>', 'what a row that cannot be read leads to')
        .choices(['refuse', 'skip'])
        .default('skip'),
    )
    .option('--plot <file|folder>', 'draw signals, score and anomalies as SVG')
    .addHelpText('after', details);
  return withJson(command).action(async (given: string, options: GivenOptions) => {
    const { out, plot, model, signals, window, recurring, seed, batch, onBadRow } = options;
    if (model !== 'built-in' && model !== 'trained') refuseOptionsOfVersion(command);
    // Engine and training bring onnxruntime and tfjs along: no other command should wait for them.
    const { runBacktest } = await import('../backtest/run-backtest.ts');
    await runBacktest(context, {
      given,
      out,
      plot,
      json: options.json === true,
      model,
      settings: { signals, window, recurring, seed, batchReadings: batch },
      onBadRow,
    });
  });
}

/** A version was trained for its signals, its window and its manner: it would not be that version with others. */
function refuseOptionsOfVersion(command: Command): void {
  const said = ['signals', 'window', 'recurring'].filter(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (said.length === 0) return;
  const options = said.map((name) => `--${name}`).join(' and ');
  throw new UsageFailure(
    `${options} cannot be given beside a version: its manifest says what it was trained for.`,
  );
}
