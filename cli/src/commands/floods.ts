import type { FloodReview, FloodsQuery } from '@verdict/contracts';
import { Argument, Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { floodsTable } from '../feedback/review-tables.ts';
import { givenOptions } from '../given-options.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';

interface FloodsOptions {
  url: string;
  json?: boolean;
  state?: NonNullable<FloodsQuery['state']>;
  note?: string;
}

const examples = `
Answers that somebody gives much faster than usual are held back: they count for nothing until an admin accepts them.

Examples:
  $ verdict feedback floods --state open
  $ verdict feedback floods review 5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11 accept --note "was on call"
`;

/** `verdict feedback floods`: lists floods of answers; `review` accepts or discards one. */
export function floodsCommand(context: CommandContext): Command {
  const command = new Command('floods')
    .description('answers that came much faster than usual, and what became of them')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'accepted', 'discarded']))
    .addHelpText('after', examples)
    .addCommand(reviewCommand(context));
  return withJson(withUrl(command, context)).action(async (_options: object, own: Command) => {
    const { url, json, state } = givenOptions<FloodsOptions>(own);
    const items = await (await connectPlatform(context, url)).floods(state === undefined ? {} : { state });
    context.stdout.write(printed(json, { items }, floodsTable(items)));
  });
}

function reviewCommand(context: CommandContext): Command {
  const command = new Command('review')
    .description('let the answers of a flood count, or discard them for good')
    .argument('<id>', 'id of the flood')
    .addArgument(new Argument('<decision>', 'what is to become of them').choices(['accept', 'discard']))
    .option('--note <text>', 'why, for the audit trail');
  return withJson(withUrl(command, context)).action(
    async (id: string, decision: FloodReview['decision'], _options: object, own: Command) => {
      const { url, json, note } = givenOptions<FloodsOptions>(own);
      const client = await connectPlatform(context, url);
      const flood = await client.reviewFlood(id, { decision, ...(note !== undefined && { note }) });
      const text = `The answers of ${flood.person} are ${flood.state}.`;
      context.stdout.write(printed(json, flood, text));
    },
  );
}
