import {
  isTokenAtFault,
  KeysUnavailable,
  maxTokenChars,
  TokenRefused,
  type VerifyToken,
} from '@verdict/process';
import { errors, type JWTHeaderParameters, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type ClaimMapping, callerOfClaims } from './role-mapping.ts';

/** What an access token of an identity provider is checked against. */
export interface OidcTokenOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  readonly mapping: ClaimMapping;
}

/** Entra signs with RS256; `none` and symmetric algorithms are never taken. */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];

const toleranceSeconds = 30;

/**
 * Makes the check for access tokens of an identity provider: signature by one of its keys, issuer, audience, times,
 * that it is an access token, and roles. Rejects with `TokenRefused`, `KeysUnavailable`, or a problem 403 for somebody
 * who is genuine but has no role here.
 */
export function oidcTokenVerifier(options: OidcTokenOptions): VerifyToken {
  return async (token) => {
    if (token.length > maxTokenChars) throw new TokenRefused('the token is too long');
    const payload = await verified(token, options);
    return { ...callerOfClaims(payload, options.mapping), expiresAtMs: (payload.exp ?? 0) * 1000 };
  };
}

async function verified(token: string, options: OidcTokenOptions): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, options.keys, {
      algorithms,
      issuer: options.issuer,
      audience: options.audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: toleranceSeconds,
    });
    if (!isAccessToken(protectedHeader, payload)) throw new TokenRefused('the token is not for access');
    return payload;
  } catch (error) {
    if (error instanceof TokenRefused) throw error;
    if (error instanceof errors.JWTExpired) throw new TokenRefused('the token has expired');
    if (error instanceof KeysUnavailable) throw error;
    if (isTokenAtFault(error)) throw new TokenRefused('the token is not valid');
    throw new KeysUnavailable("the identity provider's keys cannot be fetched", { cause: error });
  }
}

/**
 * An id token is signed by the same keys, and where one registration is both client and API even for the same
 * audience. RFC 9068 names the type; Entra does not, but its access tokens have a scope, or name the app that acts for
 * itself, and its id tokens do neither.
 */
function isAccessToken(header: JWTHeaderParameters, payload: JWTPayload): boolean {
  // What a token says may be of any type, whatever ours are.
  const typ: unknown = header.typ;
  if (typ !== undefined && typeof typ !== 'string') return false;
  const type = typ?.toLowerCase().replace(/^application\//, '');
  if (type === 'at+jwt') return true;
  if (type !== undefined && type !== 'jwt') return false;
  if ('nonce' in payload || 'at_hash' in payload || 'c_hash' in payload) return false;
  const { scp, scope, azp, appid } = payload;
  return [scp, scope, azp, appid].some((claim) => typeof claim === 'string' && claim !== '');
}
