import type { ModelView } from '@verdict/contracts';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { textTable } from '../table.ts';

const examples = `
Version 0 is built in and serves until the first trained version is accepted.

Examples:
  $ verdict models
  $ verdict models --json
`;

/** `verdict models`: lists the models with what serves and how their anomalies were judged. */
export function modelsCommand(context: CommandContext): Command {
  const command = new Command('models').description('list the models').addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(async (options: { url: string; json?: boolean }) => {
    const items = await (await connectPlatform(context, options.url)).models();
    context.stdout.write(`${options.json ? JSON.stringify({ items }, null, 2) : modelsTable(items)}\n`);
  });
}

function modelsTable(items: readonly ModelView[]): string {
  if (items.length === 0) return 'No models.';
  return textTable(
    ['MODEL', 'SERVES', 'VERSIONS', 'SERIES', 'READINGS', 'ANOMALIES', 'TRUE', 'FALSE', 'NEWEST TRAINING'],
    items.map((item) => {
      const [training] = item.trainings;
      return [
        item.name,
        `v${item.champion}`,
        String(item.versions.length),
        String(item.series),
        String(item.readings),
        String(item.anomalies.total),
        String(item.anomalies.judgedTrue),
        String(item.anomalies.judgedFalse),
        training === undefined ? '-' : `${training.state}: ${training.message}`.slice(0, 60),
      ];
    }),
  );
}
