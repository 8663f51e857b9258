import { FeedbackRequest } from '@verdict/contracts';
import { Argument, Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { UsageFailure } from '../failure.ts';
import { withJson, withUrl } from '../platform-options.ts';

interface FeedbackOptions {
  url: string;
  json?: boolean;
  reason?: string;
  comment?: string;
}

const examples = `
Your newest answer counts; "withdrawn" takes it back. The model learns from it.

Examples:
  $ verdict feedback 0f1e2d3c4b5a69788796a5b4 true
  $ verdict feedback 0f1e2d3c4b5a69788796a5b4 false --reason deployment --comment "release 4.2"
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
    .addHelpText('after', examples);
  return withJson(withUrl(command, context)).action(
    async (anomalyId: string, verdict: string, options: FeedbackOptions) => {
      const { url, json, reason, comment } = options;
      const request = FeedbackRequest.safeParse({ anomalyId, verdict, reason, comment });
      if (!request.success) {
        const issue = request.error.issues[0];
        throw new UsageFailure(`${issue?.path.join('.') ?? 'the answer'}: ${issue?.message ?? 'is wrong'}.`);
      }
      const accepted = await (await connectPlatform(context, url)).sendFeedback(request.data);
      const text = json ? JSON.stringify(accepted) : `Taken: ${anomalyId} is ${verdict}.`;
      context.stdout.write(`${text}\n`);
    },
  );
}
