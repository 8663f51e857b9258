import { AccessClaims } from '@verdict/contracts';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { type Caller, KeysUnavailable, maxTokenChars, TokenRefused, type VerifyToken } from './caller.ts';
import { RememberedTokens } from './remembered-tokens.ts';

/** Where the public keys are: at a URL (cached, fetched again for an unknown key id), given, or found by a function. */
export type KeySource =
  | { readonly jwksUrl: string }
  | { readonly keySet: JSONWebKeySet }
  | { readonly findKey: JWTVerifyGetKey };

/** Issuer and audience of every access token. */
export const tokenIssuer = 'verdict';
export const tokenAudience = 'verdict';

/** The only signature algorithm that is taken; `none` and symmetric ones never are. */
export const tokenAlgorithm = 'ES256';

/** What the gateway says its access tokens are (RFC 9068). */
export const tokenType = 'at+jwt';

/** What says nothing of its key beside the header of the token. */
const noSignature = { payload: '', signature: '' };

/** Tokens for something else say so in `typ`; older releases said `JWT`, or nothing. */
const accessTypes: ReadonlySet<unknown> = new Set([tokenType, 'JWT', undefined]);

/**
 * Makes the check for access tokens: signature (ES256 only), type, issuer, audience, expiry, subject and roles. What was
 * found to be good is not checked again as long as the same key is published.
 */
export function tokenVerifier(
  options: KeySource & { issuer?: string; audience?: string; toleranceSeconds?: number },
): VerifyToken {
  const keys = keysOf(options);
  const remembered = new RememberedTokens();
  return async (token) => {
    if (token.length > maxTokenChars) throw new TokenRefused('the token is too long');
    try {
      const known = remembered.find(token);
      if (known !== null && (await keys(known.header, noSignature)) === known.key) return known.caller;
      const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
        algorithms: [tokenAlgorithm],
        issuer: options.issuer ?? tokenIssuer,
        audience: options.audience ?? tokenAudience,
        requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: options.toleranceSeconds ?? 2,
      });
      if (!accessTypes.has(protectedHeader.typ)) throw new TokenRefused('the token is not for access');
      // We write each claim once, and JSON in one way only: what reads differently was made to be read in two ways.
      if (decodedPayload(token) !== JSON.stringify(payload))
        throw new TokenRefused('the token is not written as ours are');
      const caller = callerOf(payload);
      remembered.add(token, { caller, header: protectedHeader, key });
      return caller;
    } catch (error) {
      throw refusal(error);
    }
  };
}

function keysOf(source: KeySource): JWTVerifyGetKey {
  if ('findKey' in source) return source.findKey;
  if ('keySet' in source) return createLocalJWKSet(source.keySet);
  return createRemoteJWKSet(new URL(source.jwksUrl), { timeoutDuration: 3000, cooldownDuration: 5000 });
}

function decodedPayload(token: string): string {
  return Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
}

function callerOf(payload: { exp?: number }): Caller {
  const claims = AccessClaims.safeParse(payload);
  if (!claims.success) throw new TokenRefused('the token names no subject or no known role');
  const { sub, roles, sid } = claims.data;
  const expiresAtMs = (payload.exp ?? 0) * 1000;
  return { name: sub, roles, expiresAtMs, ...(sid === undefined ? {} : { session: sid }) };
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
