import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, StartError } from '@verdict/process';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { makeKeyFile, type SigningKey, signingKeysIn } from './signing-key.ts';

/** A new key is published for so long before it signs: by then every gateway and detector knows it. */
export const publishBeforeMs = 120_000;

/** The keys that are good now. The newest that is old enough signs; tokens of all of them are taken. */
export interface SigningKeys {
  current(): SigningKey;
  keySet(): JSONWebKeySet;
  /** For checks of our own tokens. */
  readonly findKey: JWTVerifyGetKey;
  /** Reads file or folder again; what cannot be read changes nothing and is logged. */
  reload(): Promise<void>;
}

interface Ring {
  readonly signer: SigningKey;
  readonly keySet: JSONWebKeySet;
  readonly verify: JWTVerifyGetKey;
}

/**
 * Reads the signing keys at `path`: a file with one private key (JWK or PEM), several (a JWK set, or PEM one after the
 * other), or a folder of such files, in the order of their names. The last one is the newest. A file that does not
 * exist is made, with one key. Throws `StartError` when there is something else.
 */
export async function openSigningKeys(
  path: string,
  { nowMs, logger }: { nowMs: () => number; logger: Pick<Logger, 'warn' | 'info'> },
): Promise<SigningKeys> {
  let ring: Ring;
  try {
    ring = await readRing(path, nowMs);
  } catch (cause) {
    throw new StartError(
      `${path} (VERDICT_SIGNING_KEY_FILE) holds no private ES256 keys as JWK, JWK set or PEM: restore it, or remove it so that a new one is made.`,
      { cause },
    );
  }
  return {
    current: () => ring.signer,
    keySet: () => ring.keySet,
    findKey: (header, token) => ring.verify(header, token),
    async reload() {
      try {
        const read = await readRing(path, nowMs);
        if (read.signer.kid !== ring.signer.kid)
          logger.info(
            { kid: read.signer.kid, keys: read.keySet.keys.length },
            'another key signs tokens now',
          );
        ring = read;
      } catch (error) {
        // The cause may quote a key.
        const why = error instanceof Error ? error.name : 'unknown';
        logger.warn({ why }, 'the signing keys cannot be read again; the known ones serve on');
      }
    },
  };
}

async function readRing(path: string, nowMs: () => number): Promise<Ring> {
  const keys: { key: SigningKey; sinceMs: number }[] = [];
  for (const file of await filesAt(path)) {
    const { mtimeMs } = await stat(file);
    // A key that stands twice counts as the older one.
    for (const key of await signingKeysIn(await readFile(file, 'utf8')))
      if (!keys.some((known) => known.key.kid === key.kid)) keys.push({ key, sinceMs: mtimeMs });
  }
  const newest = keys.at(-1);
  if (newest === undefined) throw new TypeError('no key');
  const isRipe = nowMs() - newest.sinceMs >= publishBeforeMs;
  const signer = (isRipe ? newest : (keys.at(-2) ?? newest)).key;
  const keySet = { keys: keys.flatMap(({ key }) => key.keySet.keys) };
  return { signer, keySet, verify: createLocalJWKSet(keySet) };
}

/** The files with keys, in order; hidden ones (as Kubernetes has in its volumes) are none. */
async function filesAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeKeyFile(path);
    return [path];
  }
  const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
  return names.map((name) => join(path, name));
}
