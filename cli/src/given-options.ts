import type { Command } from 'commander';
import { UsageFailure } from './failure.ts';

/**
 * The options of a command inside another one: its own, and where they were given before its name (`verdict models
 * --json show shop`) those. Throws `UsageFailure` for one given there that this command does not have.
 */
export function givenOptions<Options extends object>(command: Command): Options {
  const options: Record<string, unknown> = { ...command.opts() };
  const outer = command.parent;
  for (const option of outer?.options ?? []) {
    const name = option.attributeName();
    if (outer?.getOptionValueSource(name) !== 'cli') continue;
    if (!command.options.some((own) => own.attributeName() === name))
      throw new UsageFailure(`${option.long} does not go with "${outer.name()} ${command.name()}".`);
    if (command.getOptionValueSource(name) !== 'cli') options[name] = outer.getOptionValue(name);
  }
  return options as Options;
}
