import type { KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** What signatures of versions are made with. */
export type ArtefactAlgorithm = 'EdDSA' | 'ES256';

/** Of the protected header, so that nothing else that a key may sign passes for a version. */
export const signatureType = 'verdict-version+jws';

/** The public half of a key, named by what it is alone (RFC 7638): no two keys can share the name. */
export interface PublicPart {
  readonly kid: string;
  readonly alg: ArtefactAlgorithm;
  readonly jwk: JWK;
}

/** @throws TypeError for a key that is neither Ed25519 nor P-256 */
export async function publicPart(key: KeyObject): Promise<PublicPart> {
  const { kty, crv, x, y } = key.export({ format: 'jwk' });
  if (kty === 'OKP' && crv === 'Ed25519') return named({ kty, crv, x }, 'EdDSA');
  if (kty === 'EC' && crv === 'P-256') return named({ kty, crv, x, y }, 'ES256');
  throw new TypeError('not a key for Ed25519 or ES256');
}

async function named(jwk: JWK, alg: ArtefactAlgorithm): Promise<PublicPart> {
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, alg, jwk: { ...jwk, kid, alg, use: 'sig' } };
}
