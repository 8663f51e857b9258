import type { TokenRequest, TokenResponse } from '@verdict/contracts';

/** Who the client is: a user whose password is exchanged for tokens, or a source of ready tokens. */
export type Credentials = TokenRequest | { token: () => Promise<string> };

/** Gives the bearer token for a request. */
export interface AccessToken {
  /** A token that is valid for a while yet; fetched when there is none. */
  current(): Promise<string>;
  /** The platform refused this token: do not give it again. */
  refuse(token: string): void;
}

/**
 * Tokens for `credentials`. A password is exchanged with `exchange` on the first need and again before the token
 * expires (a tenth of its life before, at most a minute); callers at the same moment share one exchange.
 */
export function accessToken(
  credentials: Credentials,
  exchange: (request: TokenRequest) => Promise<TokenResponse>,
  nowMs: () => number,
): AccessToken {
  if ('token' in credentials) return { current: credentials.token, refuse: () => undefined };
  let held: { token: string; staleAtMs: number } | null = null;
  let underWay: Promise<string> | null = null;

  async function fetchToken(request: TokenRequest): Promise<string> {
    const askedAtMs = nowMs();
    const answer = await exchange(request);
    const lifeMs = answer.expires_in * 1000;
    held = { token: answer.access_token, staleAtMs: askedAtMs + lifeMs - Math.min(60_000, lifeMs / 10) };
    return answer.access_token;
  }

  return {
    async current() {
      if (held !== null && nowMs() < held.staleAtMs) return held.token;
      underWay ??= fetchToken(credentials).finally(() => {
        underWay = null;
      });
      return underWay;
    },
    refuse(token) {
      if (held?.token === token) held = null;
    },
  };
}
