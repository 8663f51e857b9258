import { createPrivateKey, randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import { tokenAlgorithm } from '@verdict/process';
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
} from 'jose';

/** The key that signs access tokens, and its public half for everybody else. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly keySet: JSONWebKeySet;
}

/** The keys in a text: a JWK, a JWK set, or PEM (as Helm and openssl make it), one key after the other. Rejects if there are others. */
export async function signingKeysIn(text: string): Promise<SigningKey[]> {
  return Promise.all(jwksOf(text.trim()).map(signingKeyOf));
}

function jwksOf(text: string): JWK[] {
  if (!text.startsWith('-----BEGIN ')) {
    const json = JSON.parse(text) as JWK | { keys: JWK[] };
    return 'keys' in json && Array.isArray(json.keys) ? json.keys : [json as JWK];
  }
  return (
    text
      .split(/(?=-----BEGIN )/)
      // openssl puts the parameters of the curve before the key.
      .filter((pem) => !pem.startsWith('-----BEGIN EC PARAMETERS'))
      .map((pem) => createPrivateKey(pem).export({ format: 'jwk' }) as JWK)
  );
}

async function signingKeyOf(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, y, d } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || d === undefined) throw new TypeError('not a private P-256 key');
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  const privateKey = await importJWK({ kty, crv, x, y, d }, tokenAlgorithm);
  if (privateKey instanceof Uint8Array) throw new TypeError('not an asymmetric key');
  return { kid, privateKey, keySet: { keys: [{ kty, crv, x, y, kid, alg: tokenAlgorithm, use: 'sig' }] } };
}

/** Makes a file with a new key (mode 0600), unless there is one meanwhile: gateways that start together share it. */
export async function makeKeyFile(file: string): Promise<void> {
  const { privateKey } = await generateKeyPair(tokenAlgorithm, { extractable: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(await exportJWK(privateKey))}\n`, { mode: 0o600, flush: true });
  try {
    // A link never replaces: whoever comes second reads the first one's key.
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft);
  }
}
