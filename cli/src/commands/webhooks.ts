import { readFile } from 'node:fs/promises';
import { Argument, Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { durationOption, integerOption } from '../duration.ts';
import { CommandFailure, UsageFailure } from '../failure.ts';
import { givenOptions } from '../given-options.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';
import { deliveriesTable, webhooksTable } from '../webhooks-table.ts';

interface WebhooksOptions {
  url: string;
  json?: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const examples = `
A webhook is told when an anomaly opens and when it closes, by a signed message (Standard Webhooks); an Alertmanager
gets alerts that last as long as the anomaly. What cannot be told is tried again for a day, then listed as dead. Needs
the role admin. Addresses inside your own networks must be allowed to the gateway first (VERDICT_WEBHOOK_ALLOW).

Examples:
  $ verdict webhooks
  $ verdict webhooks add on-call https://hooks.example.com/verdict --model shop
  $ verdict webhooks add alerts http://alertmanager.monitoring:9093 --alertmanager --label severity=warning
  $ verdict webhooks test on-call
  $ verdict webhooks deliveries on-call --state dead
  $ verdict webhooks redeliver on-call
  $ verdict webhooks rotate on-call --overlap 2d
  $ verdict webhooks remove on-call
`;

/** `verdict webhooks`: lists, adds, tests and removes addresses that are told of anomalies. */
export function webhooksCommand(context: CommandContext): Command {
  const command = new Command('webhooks')
    .description(
      'addresses and Alertmanagers that are told of anomalies: list, add, test, remove, send again',
    )
    .addHelpText('after', examples)
    .addCommand(addCommand(context))
    .addCommand(removeCommand(context))
    .addCommand(testCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(deliveriesCommand(context))
    .addCommand(redeliverCommand(context));
  return withJson(withUrl(command, context)).action(async ({ url, json }: WebhooksOptions) => {
    const items = await (await connectPlatform(context, url)).webhooks();
    context.stdout.write(printed(json, { items }, webhooksTable(items)));
  });
}

interface AddOptions extends WebhooksOptions {
  alertmanager?: boolean;
  model?: string[];
  label?: string[];
  authorizationFile?: string;
}

function addCommand(context: CommandContext): Command {
  const command = new Command('add')
    .description('tell an address from now on; prints the secret that signs its messages this once')
    .argument('<name>', 'lower-case letters, digits and "-"')
    .argument('<address>', 'where messages are posted, or where the Alertmanager is')
    .option('--alertmanager', 'it is an Alertmanager')
    .option('--model <name...>', 'only anomalies of these models (name, or namespace/name)')
    .option('--label <name=value...>', 'further labels of its alerts, for an Alertmanager')
    .option('--authorization-file <file>', 'its content goes along as header Authorization: "Bearer …"');
  return withJson(withUrl(command, context)).action(
    async (name: string, address: string, _options: object, own: Command) => {
      const options = givenOptions<AddOptions>(own);
      const { model, authorizationFile: file } = options;
      const { secret, view } = await (await connectPlatform(context, options.url)).createWebhook({
        name,
        url: address,
        kind: options.alertmanager ? 'alertmanager' : 'webhook',
        labels: labelsOf(options.label ?? []),
        ...(model === undefined ? {} : { models: model }),
        ...(file === undefined ? {} : { authorization: (await readFile(file, 'utf8')).trim() }),
      });
      const { stdout, stderr } = context;
      if (options.json) stdout.write(`${JSON.stringify({ secret, view }, null, 2)}\n`);
      // The secret alone, for pipes.
      else if (secret !== null) stdout.write(`${secret}\n`);
      const models = view.models.length === 0 ? 'every model' : view.models.join(', ');
      const only = secret === null ? '' : ' The secret that signs its messages is not shown again.';
      stderr.write(`${view.name} is told of anomalies of ${models}.${only}\n`);
    },
  );
}

function labelsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new UsageFailure(`--label ${text}: give it as name=value.`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function removeCommand(context: CommandContext): Command {
  const command = new Command('remove')
    .description('tell an address nothing any more, also nothing that still waits')
    .addArgument(nameArgument());
  return withUrl(command, context).action(async (name: string, _options: object, own: Command) => {
    await (await connectPlatform(context, givenOptions<WebhooksOptions>(own).url)).removeWebhook(name);
    context.stdout.write(`${name} is removed.\n`);
  });
}

function testCommand(context: CommandContext): Command {
  const command = new Command('test')
    .description('send a test now; one that was switched off and passes is told again')
    .addArgument(nameArgument());
  return withJson(withUrl(command, context)).action(async (name: string, _options: object, own: Command) => {
    const { url, json } = givenOptions<WebhooksOptions>(own);
    const tested = await (await connectPlatform(context, url)).testWebhook(name);
    const sentence = `${name}: ${tested.message}, after ${tested.tookMs} ms`;
    if (json) context.stdout.write(`${JSON.stringify(tested, null, 2)}\n`);
    else if (tested.delivered) context.stdout.write(`${sentence}.\n`);
    if (!tested.delivered) throw new CommandFailure(`${sentence}.`);
  });
}

function rotateCommand(context: CommandContext): Command {
  const command = new Command('rotate')
    .description('make a new secret, printed this once; for a while messages are signed with both')
    .addArgument(nameArgument())
    .option('--overlap <duration>', 'how long the old secret signs too', durationOption, dayMs);
  return withUrl(command, context).action(async (name: string, _options: object, own: Command) => {
    const { url, overlap } = givenOptions<WebhooksOptions & { overlap: number }>(own);
    const client = await connectPlatform(context, url);
    const { secret } = await client.rotateWebhook(name, { overlapHours: overlap / hourMs });
    context.stdout.write(`${secret}\n`);
    context.stderr.write('The new secret is not shown again.\n');
  });
}

function deliveriesCommand(context: CommandContext): Command {
  const command = new Command('deliveries')
    .description('what it was told, is to be told, and could not be told; newest first')
    .addArgument(nameArgument())
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'delivered', 'dead']))
    .option('--limit <number>', 'at most so many', integerOption(1, 500), 50);
  return withJson(withUrl(command, context)).action(async (name: string, _options: object, own: Command) => {
    const { url, json, state, limit } = givenOptions<
      WebhooksOptions & { state?: 'waiting' | 'delivered' | 'dead'; limit: number }
    >(own);
    const page = await (await connectPlatform(context, url)).deliveries(name, { state, limit });
    context.stdout.write(printed(json, page, deliveriesTable(page.items)));
  });
}

function redeliverCommand(context: CommandContext): Command {
  const command = new Command('redeliver')
    .description('send again everything dead, or one delivery that ended')
    .addArgument(nameArgument())
    .addArgument(
      new Argument('[id]', 'of the delivery; everything dead without it').argParser(integerOption(1)),
    );
  return withUrl(command, context).action(
    async (name: string, id: number | undefined, _options: object, own: Command) => {
      const client = await connectPlatform(context, givenOptions<WebhooksOptions>(own).url);
      const { count } = await client.redeliver(name, id === undefined ? { all: 'dead' } : { delivery: id });
      context.stdout.write(count === 0 ? 'Nothing is dead.\n' : `${count} on their way again.\n`);
    },
  );
}

function nameArgument(): Argument {
  return new Argument('<name>', 'of the webhook');
}
