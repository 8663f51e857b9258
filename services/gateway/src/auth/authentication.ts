import { type Clock, type Logger, type Route, tokenVerifier, type VerifyToken } from '@verdict/process';
import type { ApiKeyStore, SessionStore, UserStore } from '@verdict/storage';
import { apiKeyRoutes } from './api-key-routes.ts';
import { ApiKeyVerifier } from './api-key-verifier.ts';
import { authRoutes } from './auth-routes.ts';
import { EndedSessions } from './ended-sessions.ts';
import { lockOut } from './log-in.ts';
import { logInLimits } from './log-in-limits.ts';
import { type OidcWay, oidcRoutes } from './oidc/oidc-routes.ts';
import { hashPassword } from './password-hash.ts';
import type { SigningKeys } from './signing-keys.ts';
import { createTokenIssuer, tokenLifetimeSeconds } from './token-issuer.ts';
import { verifierByIssuer } from './verifier-by-issuer.ts';

/** What finding out who calls stands on. */
export interface AuthenticationParts {
  readonly stores: {
    readonly users: UserStore;
    readonly sessions: SessionStore;
    readonly apiKeys: ApiKeyStore;
  };
  readonly signingKeys: SigningKeys;
  /** Checks of tokens that others give, by their issuer. */
  readonly otherIssuers: ReadonlyMap<string, VerifyToken>;
  /** How people come in through an identity provider; null = they do not. */
  readonly oidcWay: OidcWay | null;
  readonly loginsPerMinute: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Finds out who calls, and lets people in and out. */
export interface Authentication {
  readonly verifyToken: VerifyToken;
  /** Checks keys of producers. */
  readonly verifyApiKey: VerifyToken;
  /** Log-ins that ended of late. */
  readonly ended: EndedSessions;
  /** Told that a key of a producer was revoked or changed; null = any of them may have been. */
  onKeyChange(id: string | null): void;
  /** The gateway's own token, for asking detectors. */
  ownToken(): Promise<string>;
  readonly routes: readonly Route[];
  /** Forgets what is long over. */
  dropOld(): Promise<void>;
}

/** Nothing that was given to an ended log-in is good any longer by then. */
const endedKeptMs = 2 * tokenLifetimeSeconds * 1000;
/** For whoever asks afterwards what became of a log-in. */
const sessionsKeptMs = 30 * 86_400_000;

/** Reads what ended of late, and makes the rest. Rejects with `DatabaseUnavailable`. */
export async function openAuthentication(parts: AuthenticationParts): Promise<Authentication> {
  const { stores, signingKeys, clock, logger } = parts;
  const issuer = createTokenIssuer(signingKeys.current, clock);
  const own = tokenVerifier({ findKey: signingKeys.findKey });
  const ended = new EndedSessions({ sessions: stores.sessions, nowMs: clock.nowMs, keepMs: endedKeptMs });
  await ended.reload();
  const keys = new ApiKeyVerifier({ keys: stores.apiKeys, nowMs: clock.nowMs, logger });
  const limits = logInLimits({
    perAddressAndMinute: parts.loginsPerMinute,
    failures: lockOut.failures,
    lockSeconds: lockOut.forMs / 1000,
  });
  return {
    verifyToken: ended.guard(verifierByIssuer(own, parts.otherIssuers)),
    verifyApiKey: keys.verify,
    ended,
    onKeyChange: (id) => keys.forget(id),
    ownToken: issuer.ownToken,
    routes: [
      ...authRoutes({
        ...stores,
        ended,
        logger,
        limits,
        nowMs: clock.nowMs,
        decoyHash: await hashPassword('a password that nobody has'),
        issuer,
        keySet: signingKeys.keySet,
      }),
      ...oidcRoutes({ ...stores, ended, logger }, parts.oidcWay),
      ...apiKeyRoutes({ apiKeys: stores.apiKeys, forget: (id) => keys.forget(id), clock, logger }),
    ],
    dropOld: () => stores.sessions.dropOld(sessionsKeptMs),
  };
}
