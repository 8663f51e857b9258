import { AnomalyId, type Receipt } from '@verdict/contracts';
import { Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { givenOptions } from '../given-options.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';

const examples = `
Examples:
  $ verdict feedback receipt 0f1e2d3c4b5a69788796a5b4
  $ verdict feedback receipt 0f1e2d3c4b5a69788796a5b4 --json
`;

/** `verdict feedback receipt`: what the answers on an anomaly did. */
export function receiptCommand(context: CommandContext): Command {
  const command = new Command('receipt')
    .description('show what the answers on an anomaly did')
    .argument('<id>', 'id of the anomaly, from "verdict anomalies"', anomalyIdArgument)
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(async (id: string, _options: object, own: Command) => {
    const { url, json } = givenOptions<{ url: string; json?: boolean }>(own);
    const receipt = await (await connectPlatform(context, url)).receipt(id);
    context.stdout.write(printed(json, receipt, receiptText(receipt)));
  });
}

/** The receipt's sentences, a line each. */
export function receiptText({ sentences }: Receipt): string {
  return sentences.length === 0 ? 'It did nothing yet.' : sentences.join('\n');
}

function anomalyIdArgument(text: string): string {
  const parsed = AnomalyId.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`An id has ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}
