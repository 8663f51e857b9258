import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { durationOption } from '../duration.ts';
import { CommandFailure } from '../failure.ts';
import { givenOptions } from '../given-options.ts';
import { followTraining } from '../models/follow-training.ts';
import { resourceOption, withJson, withNamespace, withUrl } from '../platform-options.ts';
import { progressOn } from '../progress.ts';
import { shownDuration } from '../table.ts';

interface RetrainOptions {
  url: string;
  json?: boolean;
  namespace: string;
  wait?: boolean;
  timeout: number;
}

const details = `
Needs the role admin. Prints the id under which the training will be recorded. With --wait it ends with 0 when a
version was accepted, and with 1 when the version was refused, the training failed, or the time was up (the training
goes on then).

Examples:
  $ verdict models retrain shop
  $ verdict models retrain shop --wait --timeout 10m
`;

/** `verdict models retrain`: asks for a training, whatever verdicts and signs say. */
export function retrainCommand(context: CommandContext): Command {
  const command = new Command('retrain')
    .description('have a model trained now, whatever verdicts and signs say')
    .argument('<name>', 'name of the model', resourceOption)
    .option('--wait', 'follow the training until it ends')
    .addOption(
      new Option('--timeout <duration>', 'how long --wait waits at most')
        .argParser(durationOption)
        .default(30 * 60_000, '30m'),
    )
    .addHelpText('after', details);
  return withNamespace(withJson(withUrl(command, context))).action(
    (name: string, _options: object, own: Command) =>
      retrain(context, name, givenOptions<RetrainOptions>(own)),
  );
}

async function retrain(context: CommandContext, model: string, options: RetrainOptions): Promise<void> {
  const { url, json, namespace, wait, timeout } = options;
  const client = await connectPlatform(context, url, namespace);
  const { triggerId } = await client.askTraining(model);
  if (!wait) {
    context.stdout.write(`${json ? JSON.stringify({ triggerId }) : triggerId}\n`);
    return;
  }
  const progress = progressOn(context);
  if (!json) context.stdout.write(`${triggerId}\n`);
  const run = await followTraining(context, client, {
    namespace,
    model,
    triggerId,
    withinMs: timeout,
    progress,
  });
  if (json) context.stdout.write(`${JSON.stringify({ triggerId, training: run }, null, 2)}\n`);
  if (run === null)
    throw new CommandFailure(
      `The training has not ended within ${shownDuration(timeout)}; see "verdict models show ${model}" for how it goes on.`,
    );
  if (run.state === 'refused')
    throw new CommandFailure(`Version ${run.version ?? '-'} was refused: ${run.message}`);
  if (run.state === 'failed') throw new CommandFailure(`The training failed: ${run.message}`);
  if (!json) context.stdout.write(`Version ${run.version ?? '-'} was accepted: ${run.message}\n`);
}
