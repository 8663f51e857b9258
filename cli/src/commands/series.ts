import { type CoveragePage, type CoverageQuery, CoverageState, type SeriesView } from '@verdict/contracts';
import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { integerOption } from '../duration.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';
import { shownNumber, shownTime, textTable } from '../table.ts';

interface SeriesOptions {
  url: string;
  json?: boolean;
  state?: CoverageQuery['state'];
  model?: string;
  search?: string;
  limit: number;
}

const examples = `
Examples:
  $ verdict series
  $ verdict series --search shop/ --state scored
  $ verdict series --state unassigned --json
`;

/** Largest page that the API gives. */
const pageSize = 1000;

/** `verdict series`: lists the series and what is being done with each. */
export function seriesCommand(context: CommandContext): Command {
  const command = new Command('series')
    .description('list the series, and what is being done with each')
    .addOption(new Option('--state <state>', 'only in this state').choices(CoverageState.options))
    .option('--model <name>', 'only of this model')
    .option('--search <text>', 'only keys that contain this')
    .option('--limit <n>', 'at most this many', integerOption(1, 1_000_000), 200)
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(async (options: SeriesOptions) => {
    const { items, counts } = await collect(context, options);
    context.stdout.write(printed(options.json, { counts, items }, seriesTable(items, counts)));
  });
}

async function collect(
  context: CommandContext,
  { url, state, model, search, limit }: SeriesOptions,
): Promise<Pick<CoveragePage, 'items' | 'counts'>> {
  const client = await connectPlatform(context, url);
  const items: SeriesView[] = [];
  let next: string | undefined;
  for (;;) {
    const size = Math.min(pageSize, limit - items.length);
    const page = await client.series({ state, model, search, limit: size, next });
    items.push(...page.items);
    if (page.next === null || page.items.length === 0 || items.length >= limit)
      return { items, counts: page.counts };
    next = page.next;
  }
}

function seriesTable(items: readonly SeriesView[], counts: CoveragePage['counts']): string {
  if (items.length === 0) return 'No series.';
  const table = textTable(
    ['SERIES', 'STATE', 'MODEL', 'SCORE', 'READINGS', 'LAST READING (UTC)', 'WHY'],
    items.map((item) => [
      item.series,
      item.state,
      item.model ?? '-',
      shownNumber(item.score),
      String(item.readings),
      shownTime(item.lastReading),
      item.reason,
    ]),
  );
  const summary = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
  return `${table}\n\n${summary}`;
}
