import { readFile } from 'node:fs/promises';
import type { Credentials } from '@verdict/platform-client';
import type { CommandContext } from './command-context.ts';
import { CommandFailure, UsageFailure } from './failure.ts';
import { renewedToken } from './renewed-login.ts';
import { readLogin } from './stored-login.ts';

/** The password from VERDICT_PASSWORD or the file that VERDICT_PASSWORD_FILE names; null when neither is set. */
export async function environmentPassword({ config }: CommandContext): Promise<string | null> {
  if (config.password !== undefined) return config.password;
  if (config.passwordFile === undefined) return null;
  try {
    return (await readFile(config.passwordFile, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new CommandFailure(
      `VERDICT_PASSWORD_FILE cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/**
 * Who the command is: VERDICT_TOKEN, else VERDICT_USER with a password, else the login stored for this gateway.
 * Throws `CommandFailure` when there is none, saying how to get one.
 */
export async function findCredentials(context: CommandContext, url: string): Promise<Credentials> {
  const { config } = context;
  const { token, user } = config;
  if (token !== undefined) return { token: async () => token };
  const password = await environmentPassword(context);
  if (user !== undefined && password !== null) return { username: user, password };
  if (user !== undefined || password !== null)
    throw new UsageFailure(
      'Set both VERDICT_USER and VERDICT_PASSWORD (or VERDICT_PASSWORD_FILE), or neither.',
    );
  const login = await readLogin(config.loginFile, url);
  if (login === null)
    throw new CommandFailure(
      `Nobody is logged in at ${url}. Run "verdict login", or set VERDICT_USER and VERDICT_PASSWORD.`,
    );
  return { token: renewedToken(context, url, login) };
}
