import type { AnomaliesQuery, Anomaly } from '@verdict/contracts';
import { Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { instantOption, integerOption } from '../duration.ts';
import { showWorthAsking } from '../feedback/worth-asking.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';
import { shownDuration, shownNumber, shownTime, textTable } from '../table.ts';

interface AnomaliesOptions {
  url: string;
  json?: boolean;
  series?: string;
  model?: string;
  from?: number;
  to?: number;
  state?: 'open' | 'closed';
  verdict?: AnomaliesQuery['verdict'];
  limit: number;
  worthAsking?: boolean;
}

const examples = `
Examples:
  $ verdict anomalies --state open
  $ verdict anomalies --series shop/cart --from 6h
  $ verdict anomalies --verdict none --json      what nobody has judged yet
  $ verdict anomalies --worth-asking             the few whose answer would tell most, and why
`;

/** Largest page that the API gives. */
const pageSize = 500;

/** `verdict anomalies`: lists anomalies, newest first. */
export function anomaliesCommand(context: CommandContext): Command {
  const instant = instantOption(context.clock.nowMs);
  const command = new Command('anomalies')
    .description('list anomalies, newest first')
    .option('--series <key>', 'only this series')
    .option('--model <name>', 'only of this model')
    .option('--from <time>', 'still going on at this time or later (a time, or how long ago: 6h)', instant)
    .option('--to <time>', 'begun before this time', instant)
    .addOption(new Option('--state <state>', 'only open or closed ones').choices(['open', 'closed']))
    .addOption(
      new Option('--verdict <verdict>', 'only with such an answer').choices(['none', 'any', 'true', 'false']),
    )
    .option('--limit <n>', 'at most this many', integerOption(1, 100_000), 50)
    .addOption(
      new Option('--worth-asking', 'only the few (at most 20) whose answer would tell most').conflicts([
        'series',
        'from',
        'to',
        'state',
        'verdict',
      ]),
    )
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(async (options: AnomaliesOptions) => {
    if (options.worthAsking) return showWorthAsking(context, options);
    const items = await collect(context, options);
    context.stdout.write(printed(options.json, { items }, anomaliesTable(items)));
  });
}

async function collect(context: CommandContext, options: AnomaliesOptions): Promise<Anomaly[]> {
  const client = await connectPlatform(context, options.url);
  const { series, model, state, verdict, limit } = options;
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const items: Anomaly[] = [];
  let next: string | undefined;
  while (items.length < limit) {
    const page = await client.anomalies({
      series,
      model,
      state,
      verdict,
      from: iso(options.from),
      to: iso(options.to),
      limit: Math.min(pageSize, limit - items.length),
      next,
    });
    items.push(...page.items);
    if (page.next === null || page.items.length === 0) break;
    next = page.next;
  }
  return items;
}

function anomaliesTable(items: readonly Anomaly[]): string {
  if (items.length === 0) return 'No anomalies.';
  return textTable(
    ['ID', 'SERIES', 'START (UTC)', 'LASTED', 'STATE', 'PEAK', 'SIGNAL', 'VALUE', 'EXPECTED', 'VERDICTS'],
    items.map((item) => {
      const [signal] = item.signals;
      return [
        item.id,
        item.series,
        shownTime(item.start),
        shownDuration(Date.parse(item.end) - Date.parse(item.start)),
        item.state,
        shownNumber(item.peak.score),
        signal === undefined ? '-' : `${signal.signal} ${Math.round(signal.share * 100)}%`,
        shownNumber(signal?.value ?? null),
        shownNumber(signal?.expected ?? null),
        item.verdicts.map((verdict) => `${verdict.verdict} (${verdict.person})`).join(', ') || '-',
      ];
    }),
  );
}
