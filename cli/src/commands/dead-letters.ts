import { type DeadLetterFilter, DeadLetterReason, type ReplayRequest } from '@verdict/contracts';
import { Argument, Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { deadLettersTable, deadLetterText } from '../dead-letters-table.ts';
import { integerOption } from '../duration.ts';
import { CommandFailure, UsageFailure } from '../failure.ts';
import { givenOptions } from '../given-options.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';

interface LetterOptions extends DeadLetterFilter {
  url: string;
  json?: boolean;
  all?: boolean;
}

const examples = `
What was acknowledged and could not be used is put to dead letters: late readings, events in no format that is known,
and poisonous ones, on which processing crashed. Replaying sends them to their hub once more, for after the cause is
mended; doing it twice is harmless. Series go on in the order of time: what has newer readings by now is refused and
stays. Needs the role admin.

Examples:
  $ verdict dead-letters
  $ verdict dead-letters list --reason poisonous --pool default/shop
  $ verdict dead-letters show 17
  $ verdict dead-letters replay 17 18
  $ verdict dead-letters replay --all --reason undecodable
  $ verdict dead-letters drop --all --reason late
`;

/** `verdict dead-letters`: lists, shows, replays and drops what could not be used. */
export function deadLettersCommand(context: CommandContext): Command {
  return new Command('dead-letters')
    .description('what was acknowledged and could not be used: list, show, replay, drop')
    .addHelpText('after', examples)
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(showCommand(context))
    .addCommand(replayCommand(context))
    .addCommand(dropCommand(context));
}

function withFilter(command: Command): Command {
  return command
    .option('--pool <key>', 'only of this pool: namespace/name')
    .option('--series <key>', 'only late readings of this series')
    .addOption(new Option('--reason <reason>', 'only these').choices(DeadLetterReason.options));
}

function filterOf({ pool, series, reason }: DeadLetterFilter): DeadLetterFilter {
  return {
    ...(pool !== undefined && { pool }),
    ...(series !== undefined && { series }),
    ...(reason !== undefined && { reason }),
  };
}

type ListOptions = LetterOptions & { state?: 'waiting' | 'replayed'; limit: number; before?: number };

function listCommand(context: CommandContext): Command {
  const command = withFilter(new Command('list').description('newest first'))
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'replayed']))
    .option('--limit <number>', 'at most so many', integerOption(1, 500), 50)
    .option('--before <id>', 'goes on where an earlier listing ended', integerOption(1));
  return withJson(withUrl(command, context)).action(async (_options: object, own: Command) => {
    const { url, json, state, limit, before, ...filter } = givenOptions<ListOptions>(own);
    const query = { ...filterOf(filter), limit, ...(state && { state }), ...(before && { before }) };
    const page = await (await connectPlatform(context, url)).deadLetters(query);
    context.stdout.write(printed(json, page, deadLettersTable(page.items)));
    if (page.next !== null) context.stderr.write(`There is more: --before ${page.next}\n`);
  });
}

function showCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('one with what it holds')
    .addArgument(new Argument('<id>', 'of the dead letter').argParser(integerOption(1)));
  return withJson(withUrl(command, context)).action(async (id: number, _options: object, own: Command) => {
    const { url, json } = givenOptions<LetterOptions>(own);
    const letter = await (await connectPlatform(context, url)).deadLetter(id);
    context.stdout.write(printed(json, letter, deadLetterText(letter)));
  });
}

function replayCommand(context: CommandContext): Command {
  const command = withChoice(
    new Command('replay').description('send to the hub once more, after the cause is mended'),
    'all that wait and are like this',
  );
  return withUrl(command, context).action(async (texts: string[], _options: object, own: Command) => {
    const options = givenOptions<LetterOptions>(own);
    const choice = choiceOf(texts, options);
    const client = await connectPlatform(context, options.url);
    let replayed = 0;
    let refused = 0;
    let request: ReplayRequest | null = choice;
    // Each part ends behind where it began, so this ends.
    while (request !== null) {
      const part = await client.replayDeadLetters(request);
      replayed += part.replayed;
      refused += part.refused.length;
      for (const { id, message } of part.refused) context.stderr.write(`${id} is refused: ${message}.\n`);
      request = part.next === null ? null : behind(part.next, choice);
    }
    context.stdout.write(`${replayed} on their way again${refused === 0 ? '' : `, ${refused} refused`}.\n`);
    if (refused > 0 && replayed === 0) throw new CommandFailure('Nothing was replayed.');
  });
}

/** What is left of a choice, of which all up to a letter was done; null = nothing. */
function behind(letter: number, choice: ReturnType<typeof choiceOf>): ReplayRequest | null {
  if ('all' in choice) return { ...choice, after: letter };
  const ids = choice.ids.filter((id) => id > letter);
  return ids.length === 0 ? null : { ids };
}

function dropCommand(context: CommandContext): Command {
  const command = withChoice(new Command('drop').description('forget them'), 'all that are like this');
  return withUrl(command, context).action(async (texts: string[], _options: object, own: Command) => {
    const options = givenOptions<LetterOptions>(own);
    const client = await connectPlatform(context, options.url);
    const dropped = await client.dropDeadLetters(choiceOf(texts, options));
    context.stdout.write(dropped === 0 ? 'There were none.\n' : `${dropped} dropped.\n`);
  });
}

/** Adds both ways to say which are meant; `all` says what --all means. */
function withChoice(command: Command, all: string): Command {
  command.addArgument(new Argument('[ids...]', 'of dead letters; else --all')).option('--all', all);
  return withFilter(command);
}

/** Either ids, or --all with what they are like. */
function choiceOf(
  texts: readonly string[],
  options: LetterOptions,
): { ids: number[] } | { all: DeadLetterFilter } {
  const filter = filterOf(options);
  if (options.all === true && texts.length === 0) return { all: filter };
  if (options.all === true || texts.length === 0 || Object.keys(filter).length > 0)
    throw new UsageFailure('Say which: ids, or --all with --pool, --series and --reason as you like.');
  return { ids: texts.map(integerOption(1)) };
}
