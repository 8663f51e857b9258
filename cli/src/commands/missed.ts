import { MissedRequest } from '@verdict/contracts';
import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { instantOption } from '../duration.ts';
import { UsageFailure } from '../failure.ts';
import { missedTable } from '../feedback/missed-table.ts';
import { givenOptions } from '../given-options.ts';
import { seriesOption, withJson, withUrl } from '../platform-options.ts';

interface MissedOptions {
  url: string;
  json?: boolean;
  from?: number;
  to?: number;
  reason?: string;
  comment?: string;
  withdraw?: string;
  list?: boolean;
}

const examples = `
A report counts for recall, is kept out of training, and new versions are tested on it. It can be taken back by whoever
made it, or by an admin.

Examples:
  $ verdict feedback missed shop/cart --from 2026-11-22T16:00:00Z --to 2026-11-22T16:04:00Z --reason outage
  $ verdict feedback missed --list
  $ verdict feedback missed shop/cart --list --from 6h
  $ verdict feedback missed --withdraw 5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11
`;

/** `verdict feedback missed`: reports an anomaly that nothing alarmed on, lists such reports, takes one back. */
export function missedCommand(context: CommandContext): Command {
  const instant = instantOption(context.clock.nowMs);
  const command = new Command('missed')
    .description('say that something was an anomaly though nothing alarmed on it')
    .argument('[series]', 'key of the series', seriesOption)
    .option('--from <time>', 'first instant of it (a time, or how long ago: 10m)', instant)
    .option('--to <time>', 'last instant of it', instant)
    .option('--reason <text>', 'short reason, such as outage')
    .option('--comment <text>', 'anything worth knowing')
    .option('--list', 'list the reports instead, of the series and the time given')
    .addOption(
      new Option('--withdraw <id>', 'take this report back instead').conflicts([
        'list',
        'from',
        'to',
        'reason',
        'comment',
      ]),
    )
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(
    async (series: string | undefined, _options: object, own: Command) => {
      const text = await missed(context, series, givenOptions<MissedOptions>(own));
      context.stdout.write(`${text}\n`);
    },
  );
}

async function missed(
  context: CommandContext,
  series: string | undefined,
  { url, json, withdraw, list, from, to, reason, comment }: MissedOptions,
): Promise<string> {
  const stretch = { from: isoOf(from), to: isoOf(to) };
  if (withdraw !== undefined) {
    if (series !== undefined) throw new UsageFailure('--withdraw takes the id of a report and no series.');
    const accepted = await (await connectPlatform(context, url)).withdrawMissed(withdraw);
    return json ? JSON.stringify(accepted) : `Taken back: report ${accepted.reportId}.`;
  }
  if (list) {
    const items = await (await connectPlatform(context, url)).missed({ series, ...stretch });
    return json ? JSON.stringify({ items }, null, 2) : missedTable(items);
  }
  if (series === undefined || stretch.from === undefined || stretch.to === undefined)
    throw new UsageFailure('Name the series, --from and --to; or give --list or --withdraw.');
  const request = MissedRequest.safeParse({ series, ...stretch, reason, comment });
  if (!request.success) {
    const issue = request.error.issues[0];
    throw new UsageFailure(`--${issue?.path.join('.') ?? 'from'}: ${issue?.message ?? 'is wrong'}.`);
  }
  const accepted = await (await connectPlatform(context, url)).reportMissed(request.data);
  return json
    ? JSON.stringify(accepted)
    : `Taken: something was missed on ${series}. Take it back with "verdict feedback missed --withdraw ${accepted.reportId}".`;
}

function isoOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
