import { AuditAction, type AuditQuery } from '@verdict/contracts';
import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { instantOption, integerOption } from '../duration.ts';
import { auditTable } from '../feedback/review-tables.ts';
import { givenOptions } from '../given-options.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';

interface AuditOptions {
  url: string;
  json?: boolean;
  person?: string;
  anomaly?: string;
  action?: AuditAction;
  from?: number;
  to?: number;
  limit: number;
  next?: string;
}

const examples = `
Verdicts, reports of missed anomalies, floods of answers and their reviews; also what admins did with webhooks and dead
letters. Newest first. For admins.

Examples:
  $ verdict feedback audit --person eve --from 6h
  $ verdict feedback audit --anomaly 0f1e2d3c4b5a69788796a5b4
  $ verdict feedback audit --action webhook-removed
`;

/** `verdict feedback audit`: who answered what, when, and what it was before. */
export function auditCommand(context: CommandContext): Command {
  const instant = instantOption(context.clock.nowMs);
  const command = new Command('audit')
    .description('who answered what, when, and what it was before')
    .option('--person <name>', 'only what this person did')
    .option('--anomaly <id>', 'only verdicts on this anomaly')
    .addOption(new Option('--action <action>', 'only these').choices(AuditAction.options))
    .option('--from <time>', 'not before this (a time, or how long ago: 6h)', instant)
    .option('--to <time>', 'before this', instant)
    .option('--limit <count>', 'lines', integerOption(1, 500), 50)
    .option('--next <token>', 'goes on where an earlier listing ended')
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(async (_options: object, own: Command) => {
    const { url, json, ...given } = givenOptions<AuditOptions>(own);
    const page = await (await connectPlatform(context, url)).audit(queryOf(given));
    context.stdout.write(printed(json, page, auditTable(page.items)));
    if (page.next !== null) context.stderr.write(`There is more: --next ${page.next}\n`);
  });
}

function queryOf({
  person,
  anomaly,
  action,
  from,
  to,
  limit,
  next,
}: Omit<AuditOptions, 'url' | 'json'>): Partial<AuditQuery> {
  return {
    limit,
    ...(person !== undefined && { person }),
    ...(anomaly !== undefined && { anomaly }),
    ...(action !== undefined && { action }),
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(to !== undefined && { to: new Date(to).toISOString() }),
    ...(next !== undefined && { next }),
  };
}
