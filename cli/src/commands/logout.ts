import { endLogIn } from '@verdict/platform-client';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { withUrl } from '../platform-options.ts';
import { forgetLogin, readLogin } from '../stored-login.ts';

const examples = `
Ends the stored login at the gateway, with its tokens and live connections, and forgets it here.

Examples:
  $ verdict logout
`;

/** `verdict logout`: ends the stored login. */
export function logoutCommand(context: CommandContext): Command {
  const command = new Command('logout').description('end the stored login').addHelpText('after', examples);
  return withUrl(command, context).action(async ({ url }: { url: string }) => {
    const { config, clock, signal, stdout } = context;
    const login = await readLogin(config.loginFile, url);
    if (login === null) {
      stdout.write(`Nobody is logged in at ${url}.\n`);
      return;
    }
    // First at the gateway: should that fail, the login is still here to be ended later.
    if (login.refreshToken !== undefined) await endLogIn({ url, clock, signal }, login.refreshToken);
    await forgetLogin(config.loginFile, url);
    stdout.write(`${login.username} is logged out at ${url}.\n`);
  });
}
