import { AccessClaims } from '@verdict/contracts';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { type Caller, KeysUnavailable, TokenRefused, type VerifyToken } from './caller.ts';

/** Where the public keys are: at a URL (cached, fetched again for an unknown key id), or given. */
export type KeySource = { readonly jwksUrl: string } | { readonly keySet: JSONWebKeySet };

/** Issuer and audience of every access token. */
export const tokenIssuer = 'verdict';
export const tokenAudience = 'verdict';

/** The only signature algorithm that is taken; `none` and symmetric ones never are. */
export const tokenAlgorithm = 'ES256';

/** Makes the check for access tokens: signature (ES256 only), issuer, audience, expiry, subject and roles. */
export function tokenVerifier(
  options: KeySource & { issuer?: string; audience?: string; toleranceSeconds?: number },
): VerifyToken {
  const keys: JWTVerifyGetKey =
    'keySet' in options
      ? createLocalJWKSet(options.keySet)
      : createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: 3000, cooldownDuration: 5000 });
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: [tokenAlgorithm],
        issuer: options.issuer ?? tokenIssuer,
        audience: options.audience ?? tokenAudience,
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: options.toleranceSeconds ?? 2,
      });
      return callerOf(payload);
    } catch (error) {
      throw refusal(error);
    }
  };
}

function callerOf(payload: { exp?: number }): Caller {
  const claims = AccessClaims.safeParse(payload);
  if (!claims.success) throw new TokenRefused('the token names no subject or no known role');
  return { name: claims.data.sub, roles: claims.data.roles, expiresAtMs: (payload.exp ?? 0) * 1000 };
}

const refused = [
  errors.JWTClaimValidationFailed,
  errors.JWTExpired,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

/** Whether jose found the token itself to be wrong, and not the keys out of reach. */
export function isTokenAtFault(error: unknown): boolean {
  return refused.some((kind) => error instanceof kind);
}

function refusal(error: unknown): Error {
  if (error instanceof TokenRefused) return error;
  if (error instanceof errors.JWTExpired) return new TokenRefused('the token has expired');
  if (isTokenAtFault(error)) return new TokenRefused('the token is not valid');
  return new KeysUnavailable('the signing keys cannot be fetched', { cause: error });
}
