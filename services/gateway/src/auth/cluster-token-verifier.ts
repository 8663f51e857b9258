import type { Role } from '@verdict/contracts';
import {
  type Caller,
  HttpProblem,
  isTokenAtFault,
  KeysUnavailable,
  TokenRefused,
  type VerifyToken,
} from '@verdict/process';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { accountKey, type ClusterAccount } from './cluster-accounts.ts';

/** What a token of a Kubernetes service account is checked against. */
export interface ClusterTokenOptions {
  /** The cluster's issuer, as its tokens name it. */
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  readonly accounts: readonly ClusterAccount[];
}

/** With what API servers sign: RSA or ECDSA keys. `none` and symmetric ones never are taken. */
const clusterAlgorithms = ['RS256', 'ES256', 'ES384', 'ES512'];

/** The clocks of the API server and of our node may differ by so much. */
const toleranceSeconds = 10;

/** What an API server says of the account in a token that is bound to it (KEP-1205). */
const AccountClaims = z.object({
  sub: z.string(),
  exp: z.number(),
  'kubernetes.io': z.object({
    namespace: z.string().min(1),
    serviceaccount: z.object({ name: z.string().min(1) }),
  }),
});

/**
 * Makes the check for projected tokens of the cluster's service accounts: signature by one of the cluster's keys,
 * issuer, audience, expiry, and an account that has roles here. Rejects with `TokenRefused`, `KeysUnavailable`, or a
 * problem 403 for an account that is genuine but has no role. A deleted account is let in until its token expires.
 */
export function clusterTokenVerifier(options: ClusterTokenOptions): VerifyToken {
  const roles = new Map<string, readonly Role[]>(
    options.accounts.map((account) => [accountKey(account), account.roles]),
  );
  return async (token) => {
    const account = accountOf(await verified(token, options));
    const known = roles.get(accountKey(account));
    if (known === undefined)
      throw new HttpProblem(403, {
        detail: `The service account ${accountKey(account)} has no role here (VERDICT_CLUSTER_ACCOUNTS).`,
      });
    return { name: account.subject, roles: known, expiresAtMs: account.expiresAtMs } satisfies Caller;
  };
}

async function verified(token: string, options: ClusterTokenOptions): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      algorithms: clusterAlgorithms,
      issuer: options.issuer,
      audience: options.audience,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: toleranceSeconds,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new TokenRefused('the token has expired');
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud')
      throw new TokenRefused(`the token is not for the audience ${options.audience}`);
    if (error instanceof errors.JWKSTimeout || error instanceof KeysUnavailable) throw unavailable(error);
    if (isTokenAtFault(error)) throw new TokenRefused('the token is not valid');
    throw unavailable(error);
  }
}

function unavailable(cause: unknown): KeysUnavailable {
  if (cause instanceof KeysUnavailable) return cause;
  return new KeysUnavailable("the cluster's signing keys cannot be fetched", { cause });
}

function accountOf(payload: JWTPayload): {
  namespace: string;
  serviceAccount: string;
  subject: string;
  expiresAtMs: number;
} {
  const claims = AccountClaims.safeParse(payload);
  if (!claims.success) throw new TokenRefused('the token is not one of a service account');
  const { namespace, serviceaccount } = claims.data['kubernetes.io'];
  const subject = `system:serviceaccount:${namespace}:${serviceaccount.name}`;
  if (claims.data.sub !== subject) throw new TokenRefused('the token contradicts itself about its account');
  return {
    namespace,
    serviceAccount: serviceaccount.name,
    subject,
    expiresAtMs: claims.data.exp * 1000,
  };
}
