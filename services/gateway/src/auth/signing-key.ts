import { createPrivateKey, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { StartError, tokenAlgorithm } from '@verdict/process';
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

/**
 * Reads the private key (JWK or PEM) from a file; makes one (mode 0600) when there is none. Two gateways that start at the same
 * time end up with the same key. Throws `StartError` when the file holds something else.
 */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  const text = (await readIfThere(file)) ?? (await makeKeyFile(file));
  try {
    return await signingKeyOf(jwkOf(text));
  } catch (error) {
    throw new StartError(
      `${file} (VERDICT_SIGNING_KEY_FILE) is no private ${tokenAlgorithm} key as JWK or PEM: restore it, or remove it so that a new one is made.`,
      { cause: error },
    );
  }
}

/** A JWK, or PEM as Helm and openssl make it. */
function jwkOf(text: string): JWK {
  if (!text.startsWith('-----BEGIN ')) return JSON.parse(text) as JWK;
  return createPrivateKey(text).export({ format: 'jwk' }) as JWK;
}

async function signingKeyOf(jwk: JWK): Promise<SigningKey> {
  const { kty, crv, x, y, d } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || d === undefined) throw new TypeError('not a private P-256 key');
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  const privateKey = await importJWK({ kty, crv, x, y, d }, tokenAlgorithm);
  if (privateKey instanceof Uint8Array) throw new TypeError('not an asymmetric key');
  return { kid, privateKey, keySet: { keys: [{ kty, crv, x, y, kid, alg: tokenAlgorithm, use: 'sig' }] } };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeKeyFile(file: string): Promise<string> {
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
  return readFile(file, 'utf8');
}
