import { createInterface } from 'node:readline';
import { requestToken } from '@verdict/platform-client';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { environmentPassword } from '../credentials.ts';
import { UsageFailure } from '../failure.ts';
import { withUrl } from '../platform-options.ts';
import { askHidden, askLine } from '../prompt.ts';
import { loginOf } from '../renewed-login.ts';
import { storeLogin } from '../stored-login.ts';

interface LoginOptions {
  url: string;
  user?: string;
}

const examples = `
The password is taken from VERDICT_PASSWORD or VERDICT_PASSWORD_FILE, from a pipe, or asked for. The tokens that
come back are kept in the configuration folder of your user, readable by you alone; the password is not kept. A
login lasts as long as it is used once a day, two weeks at most; "verdict logout" ends it.

Examples:
  $ verdict login
  $ verdict login --user ann --url https://verdict.example.org
  $ pass verdict/ann | verdict login --user ann
`;

/** `verdict login`: exchanges a password for a token and stores it. */
export function loginCommand(context: CommandContext): Command {
  const command = new Command('login')
    .description('log in and store the token for the other commands')
    .option('--user <name>', 'user name (or VERDICT_USER; asked for when neither is given)')
    .addHelpText('after', examples);
  return withUrl(command, context).action(async (options: LoginOptions) => {
    const { clock, signal, config, stdout } = context;
    const username = options.user ?? config.user ?? (await terminalOnly(context, 'user name: ', askLine));
    const password = (await environmentPassword(context)) ?? (await readPassword(context));
    if (username === '' || password === '') throw new UsageFailure('A user name and a password are needed.');
    const answer = await requestToken(
      { url: options.url, clock, signal },
      { username, password, session: 'token' },
    );
    await storeLogin(config.loginFile, options.url, loginOf(username, answer, clock.nowMs()));
    stdout.write(`${username} is logged in at ${options.url}.\n`);
  });
}

type Ask = (context: CommandContext, question: string) => Promise<string>;

async function terminalOnly(context: CommandContext, question: string, ask: Ask): Promise<string> {
  if (context.stdin.isTTY === true) return ask(context, question);
  throw new UsageFailure('Name the user with --user or VERDICT_USER.');
}

/** From the terminal without showing it, or the first line of what is piped in. */
async function readPassword(context: CommandContext): Promise<string> {
  if (context.stdin.isTTY === true) return askHidden(context, 'password: ');
  const lines = createInterface({ input: context.stdin, signal: context.signal });
  for await (const line of lines) return line;
  throw new UsageFailure('No password: set VERDICT_PASSWORD, or pipe it in.');
}
