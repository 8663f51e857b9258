import type { RolloutCommandRequest } from '@verdict/contracts';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { durationOption } from '../duration.ts';
import { CommandFailure } from '../failure.ts';
import { resourceOption, withJson, withNamespace, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';
import { findPool } from '../rollout/find-pool.ts';
import { commandAndWait } from '../rollout/obeyed.ts';
import { rolloutPage } from '../rollout/rollout-page.ts';
import { shownDuration } from '../table.ts';

interface RolloutOptions {
  url: string;
  json?: boolean;
  namespace: string;
}

interface RolloutCommandOptions extends RolloutOptions {
  timeout: number;
}

const examples = `
A new version that was accepted serves a few partitions first, then more, and is taken back by itself when it raises
too many alarms or fails. The commands need the role admin.

Examples:
  $ verdict rollout status shop
  $ verdict rollout pause shop                 go no step further for now
  $ verdict rollout promote shop               serve every partition at once with the new version
  $ verdict rollout abort shop                 take the new version back
  $ verdict rollout rollback shop 3            serve every partition with version 3 again; 0 is the built-in one
`;

const waiting = (example: string) => `
Needs the role admin. Waits until the command was obeyed and says what happened. Exit code 1 when it was refused or
not obeyed in time.

Examples:
  $ verdict rollout ${example}
  $ verdict rollout ${example} --timeout 2m --json
`;

/** `verdict rollout`: shows how a new version is rolled out, and takes commands. */
export function rolloutCommand(context: CommandContext): Command {
  const command = new Command('rollout')
    .description('how a new version comes to serve: status, pause, resume, promote, abort, roll back')
    .addHelpText('after', examples)
    .addCommand(statusCommand(context));
  const plain = [
    ['pause', 'go no step further until it is resumed'],
    ['resume', 'go on'],
    ['promote', 'serve every partition with the new version now'],
    ['abort', 'take the new version back and never try it again by itself'],
  ] as const;
  for (const [kind, description] of plain) {
    const one = new Command(kind).description(description).addArgument(poolArgument());
    command.addCommand(
      withWaiting(one, context, `${kind} shop`).action((pool: string, options: RolloutCommandOptions) =>
        give(context, { pool, command: { kind }, options }),
      ),
    );
  }
  const rollback = new Command('rollback')
    .description('serve every partition with a kept version again')
    .addArgument(poolArgument())
    .argument('<version>', 'number of the version; 0 is the built-in one', versionOption);
  return command.addCommand(
    withWaiting(rollback, context, 'rollback shop 3').action(
      (pool: string, version: number, options: RolloutCommandOptions) =>
        give(context, { pool, command: { kind: 'rollback', version }, options }),
    ),
  );
}

function poolArgument(): Argument {
  return new Argument('<pool>', 'name of the pool').argParser(resourceOption);
}

function versionOption(text: string): number {
  const match = /^v?(\d{1,9})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Give a version such as 3.');
  return Number(match[1]);
}

function withWaiting(command: Command, context: CommandContext, example: string): Command {
  command
    .addOption(
      new Option('--timeout <duration>', 'how long to wait until it is obeyed')
        .argParser(durationOption)
        .default(30_000, '30s'),
    )
    .addHelpText('after', waiting(example));
  return withNamespace(withJson(withUrl(command, context)));
}

function statusCommand(context: CommandContext): Command {
  const command = new Command('status')
    .description('partitions, phase and step, the newest analyses and events')
    .addArgument(poolArgument())
    .addHelpText(
      'after',
      '\nExamples:\n  $ verdict rollout status shop\n  $ verdict rollout status shop --json\n',
    );
  return withNamespace(withJson(withUrl(command, context))).action(
    async (name: string, { url, json, namespace }: RolloutOptions) => {
      const pool = await findPool(await connectPlatform(context, url, namespace), namespace, name);
      context.stdout.write(printed(json, pool, rolloutPage(pool)));
    },
  );
}

async function give(
  context: CommandContext,
  asked: { pool: string; command: RolloutCommandRequest; options: RolloutCommandOptions },
): Promise<void> {
  const { pool, command, options } = asked;
  const { url, json, namespace, timeout } = options;
  const client = await connectPlatform(context, url, namespace);
  const { id, events } = await commandAndWait(context, client, {
    namespace,
    pool,
    command,
    withinMs: timeout,
  });
  if (json)
    context.stdout.write(
      `${JSON.stringify({ id, obeyed: events !== null, events: events ?? [] }, null, 2)}\n`,
    );
  if (events === null)
    throw new CommandFailure(
      `It was not obeyed within ${shownDuration(timeout)}. It stays noted; see "verdict rollout status ${pool}".`,
    );
  const refused = events.findLast(({ reason }) => reason === 'CommandRefused');
  if (refused !== undefined) throw new CommandFailure(`${command.kind} was refused: ${refused.message}.`);
  if (json) return;
  for (const { message } of events) context.stdout.write(`${message}.\n`);
  if (events.length === 0) context.stdout.write('Obeyed.\n');
}
