import type { Role } from '@verdict/contracts';
import { type Clock, tokenAlgorithm, tokenAudience, tokenIssuer, tokenType } from '@verdict/process';
import { SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';

/** How long an access token is good for: ten minutes, since log-ins are renewed with refresh tokens. */
export const tokenLifetimeSeconds = 10 * 60;

/** Signs access tokens. */
export interface TokenIssuer {
  /** `session`: the log-in with whose end the token is refused. */
  issue(subject: string, roles: readonly Role[], session?: string): Promise<string>;
  /** A token of the gateway itself (role service), for asking detectors; renewed before it expires. */
  ownToken(): Promise<string>;
}

/** Makes the issuer; `current` gives the key that signs now. */
export function createTokenIssuer(current: () => SigningKey, clock: Clock): TokenIssuer {
  const issue = (subject: string, roles: readonly Role[], session?: string): Promise<string> => {
    const key = current();
    const nowSeconds = Math.floor(clock.nowMs() / 1000);
    return new SignJWT({ roles: [...roles], ...(session === undefined ? {} : { sid: session }) })
      .setProtectedHeader({ alg: tokenAlgorithm, kid: key.kid, typ: tokenType })
      .setSubject(subject)
      .setIssuer(tokenIssuer)
      .setAudience(tokenAudience)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + tokenLifetimeSeconds)
      .sign(key.privateKey);
  };
  let own: { token: Promise<string>; renewAtMs: number } | null = null;
  return {
    issue,
    ownToken() {
      if (own === null || clock.nowMs() >= own.renewAtMs)
        own = {
          token: issue('gateway', ['service']),
          renewAtMs: clock.nowMs() + (tokenLifetimeSeconds / 2) * 1000,
        };
      return own.token;
    },
  };
}
