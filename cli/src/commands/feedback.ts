import { FeedbackRequest } from '@verdict/contracts';
import { Argument, Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { UsageFailure } from '../failure.ts';
import { awaitReceipt } from '../feedback/await-receipt.ts';
import { withJson, withUrl } from '../platform-options.ts';
import { auditCommand } from './audit.ts';
import { floodsCommand } from './floods.ts';
import { missedCommand } from './missed.ts';
import { receiptCommand, receiptText } from './receipt.ts';

interface FeedbackOptions {
  url: string;
  json?: boolean;
  reason?: string;
  comment?: string;
  receipt: boolean;
}

/** How long an answer may take to count before the command ends without its receipt. */
const receiptWithinMs = 15_000;

const examples = `
Your newest answer counts; "withdrawn" takes it back. The model learns from it. What the answer did at once is told
as soon as it counts, some seconds later; --no-receipt does not wait for that.

Examples:
  $ verdict feedback 0f1e2d3c4b5a69788796a5b4 true
  $ verdict feedback 0f1e2d3c4b5a69788796a5b4 false --reason deployment --comment "release 4.2"
  $ verdict feedback receipt 0f1e2d3c4b5a69788796a5b4      what the answers did so far
  $ verdict feedback missed shop/cart --from 10m --to 5m   something that nothing alarmed on
  $ verdict feedback floods --state open                   answers that wait for a review by an admin
  $ verdict feedback audit --from 6h                       who answered what, and what it was before
`;

/** `verdict feedback`: answers whether an anomaly was a real one. */
export function feedbackCommand(context: CommandContext): Command {
  const command = new Command('feedback')
    .description('say whether an anomaly was a real one')
    .argument('<id>', 'id of the anomaly, from "verdict anomalies"')
    .addArgument(
      new Argument('<verdict>', 'a real anomaly, a false alarm, or your answer taken back').choices([
        'true',
        'false',
        'withdrawn',
      ]),
    )
    .option('--reason <text>', 'short reason, such as deployment')
    .option('--comment <text>', 'anything worth knowing')
    .option('--no-receipt', 'end when the answer was taken')
    .addHelpText('after', examples)
    .addCommand(receiptCommand(context))
    .addCommand(missedCommand(context))
    .addCommand(floodsCommand(context))
    .addCommand(auditCommand(context));
  return withJson(withUrl(command, context)).action(
    (anomalyId: string, verdict: string, options: FeedbackOptions) =>
      answer(context, { anomalyId, verdict, reason: options.reason, comment: options.comment }, options),
  );
}

async function answer(context: CommandContext, given: object, options: FeedbackOptions): Promise<void> {
  const { url, json, receipt: wanted } = options;
  const request = FeedbackRequest.safeParse(given);
  if (!request.success) {
    const issue = request.error.issues[0];
    throw new UsageFailure(`${issue?.path.join('.') ?? 'the answer'}: ${issue?.message ?? 'is wrong'}.`);
  }
  const { anomalyId, verdict } = request.data;
  const client = await connectPlatform(context, url);
  const before = wanted ? await client.anomaly(anomalyId) : null;
  const accepted = await client.sendFeedback(request.data);
  if (!json) context.stdout.write(`Taken: ${anomalyId} is ${verdict}.\n`);
  if (before === null) {
    if (json) context.stdout.write(`${JSON.stringify(accepted)}\n`);
    return;
  }
  const receipt = await awaitReceipt(context, client, { before, withinMs: receiptWithinMs });
  if (json) context.stdout.write(`${JSON.stringify({ ...accepted, receipt }, null, 2)}\n`);
  else if (receipt !== null) context.stdout.write(`${receiptText(receipt)}\n`);
  else
    context.stderr.write(
      `The answer is kept but does not count yet; see later with "verdict feedback receipt ${anomalyId}".\n`,
    );
}
