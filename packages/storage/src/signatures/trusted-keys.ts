import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { flattenedVerify } from 'jose';
import { publicPart, signatureType } from './artefact-algorithm.ts';

/** Whose signatures on versions are believed. */
export interface TrustedKey {
  /** Thumbprint of the key (RFC 7638). */
  readonly kid: string;
  /** Whether this key signed these bytes; `jws` is without its payload. Never throws for what is in it. */
  verify(payload: Uint8Array, jws: string): Promise<boolean>;
}

/** The keys that are trusted now. Rejects when nobody can say. */
export type TrustedKeys = () => Promise<readonly TrustedKey[]>;

/** More keys than this are a mistake: each costs a look at every version. */
const mostKeys = 20;

type PublicJwk = Readonly<Record<string, unknown>>;

/**
 * The public keys of a JWK set. What a key says of its name, use and algorithm is not believed: all follow from the key.
 * Rejects with one sentence, also when a private key is among them.
 */
export async function trustedKeysIn(text: string): Promise<TrustedKey[]> {
  return Promise.all(jwksIn(text).map(trustedKey));
}

/**
 * The keys in a file, which is read again for every version that is loaded: a key that comes or goes counts without a
 * restart. Reads it once at the beginning, and rejects when there is something else in it.
 */
export async function trustedKeysFile(file: string): Promise<TrustedKeys> {
  const read = async (): Promise<TrustedKey[]> => {
    try {
      return await trustedKeysIn(await readFile(file, 'utf8'));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${file} holds no public keys for signatures of versions: ${why}`, { cause });
    }
  };
  await read();
  return read;
}

function jwksIn(text: string): PublicJwk[] {
  const { keys } = objectIn(text);
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > mostKeys || !keys.every(isObject))
    throw new Error(`it is not a JWK set with 1 to ${mostKeys} keys`);
  return keys;
}

function objectIn(text: string): PublicJwk {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is PublicJwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function trustedKey(jwk: PublicJwk): Promise<TrustedKey> {
  if ('d' in jwk) throw new Error('one of its keys is a private key, which belongs to nobody but who signs');
  const { kid, alg, key } = await publicKey(jwk);
  return {
    kid,
    verify: async (payload, jws) => {
      const [, header, signature] = /^([\w-]{1,1000})\.\.([\w-]{1,1000})$/.exec(jws) ?? [];
      if (header === undefined || signature === undefined) return false;
      try {
        const attached = Buffer.from(payload).toString('base64url');
        const { protectedHeader } = await flattenedVerify(
          { protected: header, payload: attached, signature },
          key,
          { algorithms: [alg] },
        );
        return protectedHeader?.kid === kid && protectedHeader.typ === signatureType;
      } catch {
        // Whatever it is, it is no signature of this key.
        return false;
      }
    },
  };
}

async function publicKey(jwk: PublicJwk) {
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return { ...(await publicPart(key)), key };
  } catch (cause) {
    throw new Error('one of its keys is not a public key for Ed25519 or ES256 (P-256)', { cause });
  }
}
