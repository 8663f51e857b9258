import { createHash, randomBytes } from 'node:crypto';
import { apiKeyPrefix } from '@verdict/process';

const written = /^vk_([0-9a-f]{12})_[\w-]{43}$/;

/** Makes a key, `vk_<id>_<256 random bits>`; its hash is what is stored. */
export function newApiKey(): { id: string; key: string; hash: Buffer } {
  const id = randomBytes(6).toString('hex');
  const key = `${apiKeyPrefix}${id}_${randomBytes(32).toString('base64url')}`;
  return { id, key, hash: hashApiKey(key) };
}

/** The public part of a key; null when the text is none. */
export function apiKeyId(text: string): string | null {
  return written.exec(text)?.[1] ?? null;
}

/** SHA-256: a key is random, so there is nothing to guess that a slow hash would hinder. */
export function hashApiKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
