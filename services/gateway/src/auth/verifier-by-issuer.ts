import type { VerifyToken } from '@verdict/process';
import { decodeJwt } from 'jose';

/**
 * Lets each token be checked by whoever knows its issuer; every other token by `own`. What a token says of its issuer
 * decides only who checks it: each check demands its own keys and its own issuer.
 */
export function verifierByIssuer(own: VerifyToken, others: ReadonlyMap<string, VerifyToken>): VerifyToken {
  return async (token) => {
    const issuer = claimedIssuer(token);
    const other = issuer === undefined ? undefined : others.get(issuer);
    return (other ?? own)(token);
  };
}

function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    // No token at all: the check says so.
    return undefined;
  }
}
