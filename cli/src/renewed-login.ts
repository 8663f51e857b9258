import type { TokenResponse } from '@verdict/contracts';
import { PlatformRefused, renewToken } from '@verdict/platform-client';
import type { CommandContext } from './command-context.ts';
import { CommandFailure } from './failure.ts';
import { readLogin, type StoredLogin, storeLogin } from './stored-login.ts';

/** A token with less time than this is renewed before it is used. */
const renewBeforeMs = 60_000;

/** A login from what the gateway answered. */
export function loginOf(username: string, answer: TokenResponse, nowMs: number): StoredLogin {
  const { access_token: token, expires_in, refresh_token: refreshToken } = answer;
  const login = { username, token, expiresAtMs: nowMs + expires_in * 1000 };
  return refreshToken === undefined ? login : { ...login, refreshToken };
}

/**
 * Gives a stored login's token, renewed when it is about to end. What another command renewed meanwhile is read from
 * the file first; should two renew at the same moment, the gateway gives both the same answer.
 */
export function renewedToken(
  context: CommandContext,
  url: string,
  first: StoredLogin,
): () => Promise<string> {
  const { config, clock, signal } = context;
  let login = first;
  let underWay: Promise<void> | null = null;

  async function renew(): Promise<void> {
    const stored = (await readLogin(config.loginFile, url)) ?? login;
    if (stored.expiresAtMs - clock.nowMs() > renewBeforeMs) {
      login = stored;
      return;
    }
    if (stored.refreshToken === undefined) throw over(login, url);
    try {
      const answer = await renewToken({ url, clock, signal }, stored.refreshToken);
      login = loginOf(stored.username, answer, clock.nowMs());
    } catch (error) {
      if (error instanceof PlatformRefused && error.problem.status === 401) throw over(stored, url);
      throw error;
    }
    await storeLogin(config.loginFile, url, login);
  }

  return async () => {
    if (login.expiresAtMs - clock.nowMs() <= renewBeforeMs) {
      underWay ??= renew().finally(() => {
        underWay = null;
      });
      await underWay;
    }
    return login.token;
  };
}

function over({ username }: StoredLogin, url: string): CommandFailure {
  return new CommandFailure(
    `The login of ${username} at ${url} has expired. Run "verdict login" again; for long work set VERDICT_USER and VERDICT_PASSWORD.`,
  );
}
