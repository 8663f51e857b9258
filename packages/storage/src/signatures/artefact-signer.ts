import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FlattenedSign, type JSONWebKeySet } from 'jose';
import { publicPart, signatureType } from './artefact-algorithm.ts';

/** Signs the versions that are published. */
export interface ArtefactSigner {
  /** Thumbprint of the key (RFC 7638). */
  readonly kid: string;
  /** What others trust it by: a JWK set with the public key alone. */
  readonly keySet: JSONWebKeySet;
  /** @returns a JWS without its payload (RFC 7515, appendix F) */
  sign(payload: Uint8Array): Promise<string>;
}

/** The private key in a text: a JWK, or PEM as openssl writes it. Rejects with one sentence that quotes nothing of it. */
export async function artefactSigner(text: string): Promise<ArtefactSigner> {
  const key = privateKeyIn(text);
  const { kid, alg, jwk } = await publicPart(createPublicKey(key)).catch(() => {
    throw new Error('the key is not for Ed25519 or ES256 (P-256)');
  });
  return {
    kid,
    keySet: { keys: [jwk] },
    sign: async (payload) => {
      const signed = await new FlattenedSign(payload)
        .setProtectedHeader({ alg, kid, typ: signatureType })
        .sign(key);
      return `${signed.protected}..${signed.signature}`;
    },
  };
}

/** Reads the key in a file; null: there is to be no signing. Rejects with one sentence that names the file. */
export async function readArtefactSigner(file: string | undefined): Promise<ArtefactSigner | null> {
  if (file === undefined) return null;
  try {
    return await artefactSigner(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} holds no private key that signs versions: ${why}`, { cause });
  }
}

/** A new private key for Ed25519, as the text of a file. */
export function newArtefactKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return `${JSON.stringify(privateKey.export({ format: 'jwk' }))}\n`;
}

function privateKeyIn(text: string): KeyObject {
  try {
    // openssl puts the parameters of a curve before its key.
    const pem = text.replace(/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----\s*/, '').trim();
    return pem.startsWith('-----BEGIN ')
      ? createPrivateKey(pem)
      : createPrivateKey({ key: JSON.parse(pem), format: 'jwk' });
  } catch {
    // What is thrown here may quote the key.
    throw new Error('it is neither a private JWK nor PEM');
  }
}
