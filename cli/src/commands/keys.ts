import type { ApiKeyCreated } from '@verdict/contracts';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { durationOption } from '../duration.ts';
import { givenOptions } from '../given-options.ts';
import { keysTable } from '../keys-table.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';

interface KeysOptions {
  url: string;
  json?: boolean;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;

const examples = `
Keys are for producers: they send readings, of series that begin as the key says, and may do nothing else. A key is
shown once, when it is made. Only admins make, see and revoke keys.

Examples:
  $ verdict keys
  $ verdict keys create "shop agents" --series shop/ --expires 90d
  $ verdict keys rotate 0f1e2d3c4b5a --overlap 2d
  $ verdict keys revoke 0f1e2d3c4b5a
`;

/** `verdict keys`: lists, makes, rotates and revokes the keys of producers. */
export function keysCommand(context: CommandContext): Command {
  const command = new Command('keys')
    .description('list the API keys of producers, make, rotate or revoke one')
    .addHelpText('after', examples)
    .addCommand(createCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(revokeCommand(context));
  return withJson(withUrl(command, context)).action(async ({ url, json }: KeysOptions) => {
    const items = await (await connectPlatform(context, url)).apiKeys();
    context.stdout.write(printed(json, { items }, keysTable(items)));
  });
}

function createCommand(context: CommandContext): Command {
  const command = new Command('create')
    .description('make a key, and print it this once')
    .argument('<name>', 'who or what sends with it')
    .option('--series <prefix>', 'only series that begin so; end it with / to mean what lies below', '')
    .option(
      '--expires <duration>',
      'until when it is good, such as 90d; for ever when left out',
      durationOption,
    );
  return withJson(withUrl(command, context)).action(async (name: string, _options: object, own: Command) => {
    const { url, json, series, expires } = givenOptions<KeysOptions & { series: string; expires?: number }>(
      own,
    );
    const client = await connectPlatform(context, url);
    tell(context, json, await client.createApiKey({ name, seriesPrefix: series, ...daysOf(expires) }));
  });
}

function rotateCommand(context: CommandContext): Command {
  const command = new Command('rotate')
    .description('make a key in place of another; both are good for a while')
    .argument('<id>', 'public part of the old key')
    .option('--overlap <duration>', 'how long the old one is good yet', durationOption, dayMs)
    .option('--expires <duration>', 'until when the new one is good', durationOption);
  return withJson(withUrl(command, context)).action(async (id: string, _options: object, own: Command) => {
    const { url, json, overlap, expires } = givenOptions<KeysOptions & { overlap: number; expires?: number }>(
      own,
    );
    const client = await connectPlatform(context, url);
    const rotation = { overlapHours: overlap / hourMs, ...daysOf(expires) };
    tell(context, json, await client.rotateApiKey(id, rotation));
  });
}

function revokeCommand(context: CommandContext): Command {
  const command = new Command('revoke')
    .description('refuse a key from now on')
    .argument('<id>', 'public part of the key');
  return withUrl(command, context).action(async (id: string, _options: object, own: Command) => {
    const { url } = givenOptions<KeysOptions>(own);
    await (await connectPlatform(context, url)).revokeApiKey(id);
    context.stdout.write(`The key ${id} is revoked.\n`);
  });
}

const daysOf = (expiresMs: number | undefined) =>
  expiresMs === undefined ? {} : { expiresInDays: expiresMs / dayMs };

/** The key alone on stdout, for pipes; what is to be known of it on stderr. */
function tell({ stdout, stderr }: CommandContext, json: boolean | undefined, made: ApiKeyCreated): void {
  const { id, seriesPrefix, expiresAt } = made.view;
  stdout.write(printed(json, made, made.key));
  const series = seriesPrefix === '' ? 'all series' : `series that begin with ${seriesPrefix}`;
  stderr.write(
    `The key ${id} is for ${series}, until ${expiresAt ?? 'it is revoked'}. It is not shown again.\n`,
  );
}
