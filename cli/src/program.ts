import { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import { anomaliesCommand } from './commands/anomalies.ts';
import { backtestCommand } from './commands/backtest.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { feedbackCommand } from './commands/feedback.ts';
import { generateCommand } from './commands/generate.ts';
import { hostMetricsCommand } from './commands/host-metrics.ts';
import { keysCommand } from './commands/keys.ts';
import { loginCommand } from './commands/login.ts';
import { logoutCommand } from './commands/logout.ts';
import { modelsCommand } from './commands/models.ts';
import { replayCommand } from './commands/replay.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { seriesCommand } from './commands/series.ts';
import { webhooksCommand } from './commands/webhooks.ts';

const guide = `
Start Verdict with "npm start" first; then, from a checkout, "npm run --silent verdict -- COMMAND".

Who you are (the first that is set):
  VERDICT_TOKEN                     a ready access token, or the API key of a producer
  VERDICT_USER, VERDICT_PASSWORD    or VERDICT_PASSWORD_FILE, a file that holds the password
  verdict login                     a login stored for you alone

Exit codes: 0 done, 1 failed, 2 called wrongly.

Examples:
  $ verdict login
  $ verdict replay cpu.csv                     score your own data: a time column, then one column per signal
  $ verdict backtest cpu.csv                   try the engine on a file, without anything running
  $ verdict anomalies --state open             what is odd right now
  $ verdict feedback 0f1e2d3c4b5a69788796a5b4 false --reason deployment
  $ verdict models show shop                   whether a model can be trusted, and why
  $ verdict rollout status shop                how far a new version is rolled out
  $ verdict generate --backfill 30m            the demonstration shop
`;

/** The whole command line. Every command writes to the context's streams and throws where it fails. */
export function createProgram(context: CommandContext): Command {
  const program = new Command('verdict')
    .description('Streaming anomaly detection that learns from your answers.')
    .addHelpText('after', guide)
    // An option belongs to the command whose name it follows: some commands have commands inside.
    .enablePositionalOptions()
    .showHelpAfterError('(verdict --help shows everything)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
    });
  for (const command of [
    loginCommand(context),
    logoutCommand(context),
    anomaliesCommand(context),
    feedbackCommand(context),
    modelsCommand(context),
    rolloutCommand(context),
    keysCommand(context),
    webhooksCommand(context),
    deadLettersCommand(context),
    seriesCommand(context),
    generateCommand(context),
    hostMetricsCommand(context),
    replayCommand(context),
    backtestCommand(context),
  ])
    program.addCommand(inherit(command, program));
  return program;
}

/** Gives a command, and those inside it, the manners of the one around. */
function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from);
  for (const inner of command.commands) inherit(inner, command);
  return command;
}
