import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { connectPlatform } from '../connect-platform.ts';
import { givenOptions } from '../given-options.ts';
import { findModel } from '../models/find-model.ts';
import { modelPage } from '../models/model-page.ts';
import { modelsTable } from '../models/models-table.ts';
import { resourceOption, withJson, withNamespace, withUrl } from '../platform-options.ts';
import { printed } from '../printed.ts';
import { retrainCommand } from './retrain.ts';

interface ModelsOptions {
  url: string;
  json?: boolean;
}

const examples = `
Version 0 is built in and serves until the first trained version is accepted. CONFIDENCE is how far people's answers
support the champion, PRECISION the share of judged anomalies that are real, with what is certain of it, and JUDGED
the share of anomalies that anybody has judged.

Examples:
  $ verdict models
  $ verdict models --json
  $ verdict models show shop
  $ verdict models retrain shop --wait
`;

const showExamples = `
Below each version stand the reasons why it was accepted or refused; * marks the champion.

Examples:
  $ verdict models show shop
  $ verdict models show shop --json
`;

/** `verdict models`: lists the models with what serves and how far it can be trusted. */
export function modelsCommand(context: CommandContext): Command {
  const command = new Command('models')
    .description('list the models, show one, or have one trained')
    .addHelpText('after', examples)
    .addCommand(showCommand(context))
    .addCommand(retrainCommand(context));
  return withJson(withUrl(command, context)).action(async ({ url, json }: ModelsOptions) => {
    const items = await (await connectPlatform(context, url)).models();
    context.stdout.write(printed(json, { items }, modelsTable(items)));
  });
}

function showCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('show one model: trust, signs, versions with reasons, trainings')
    .argument('<name>', 'name of the model', resourceOption)
    .addHelpText('after', showExamples);
  return withNamespace(withJson(withUrl(command, context))).action(
    async (name: string, _options: object, own: Command) => {
      const { url, json, namespace } = givenOptions<ModelsOptions & { namespace: string }>(own);
      const model = await findModel(await connectPlatform(context, url, namespace), namespace, name);
      context.stdout.write(printed(json, model, modelPage(model)));
    },
  );
}
