import { ResourceName, SeriesKey } from '@verdict/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from './command-context.ts';

function urlOption(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new InvalidArgumentError('Give a URL such as http://127.0.0.1:8080.');
  return text.replace(/\/+$/, '');
}

/** Adds `--url` to a command that talks to the gateway. */
export function withUrl(command: Command, { config }: CommandContext): Command {
  return command.addOption(
    new Option('--url <url>', 'gateway of Verdict (or VERDICT_URL)').default(config.url).argParser(urlOption),
  );
}

/** Adds `--json` to a command that prints something. */
export function withJson(command: Command): Command {
  return command.option('--json', 'print JSON instead of text');
}

/** Adds `--namespace` to a command about one model or pool. */
export function withNamespace(command: Command): Command {
  return command.option('--namespace <name>', 'namespace of the model or pool', resourceOption, 'default');
}

/** Option parser: a name of a model, a pool or a namespace. */
export function resourceOption(text: string): string {
  const parsed = ResourceName.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`A name has ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

/** Option parser: a series key. */
export function seriesOption(text: string): string {
  const parsed = SeriesKey.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`A key has ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}
