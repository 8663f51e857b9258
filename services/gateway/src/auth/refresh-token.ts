import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * A refresh token: `vr_<family>.<secret>`, both base64url of random bytes. The family stays the same as long as
 * somebody is logged in and is told to nobody else, so that a token of a family with any secret but the newest must
 * have been good once: it was used before.
 */
export interface RefreshToken {
  readonly family: string;
  readonly secret: string;
}

const familyBytes = 16;
const secretBytes = 32;
const written = /^vr_([\w-]{22})\.([\w-]{43})$/;

/** A token of a new family. */
export function newRefreshToken(): RefreshToken {
  return {
    family: randomBytes(familyBytes).toString('base64url'),
    secret: randomBytes(secretBytes).toString('base64url'),
  };
}

/** As it goes to the client. */
export function writeRefreshToken({ family, secret }: RefreshToken): string {
  return `vr_${family}.${secret}`;
}

/** Null when the text is no refresh token. */
export function readRefreshToken(text: string): RefreshToken | null {
  const match = written.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return { family: match[1], secret: match[2] };
}

/**
 * The token that follows, HMAC-SHA256 of the salt under the secret before: whoever presents the old token and knows
 * the salt gets the same one again, and nobody who reads the database can make it.
 */
export function successorOf(token: RefreshToken, salt: Uint8Array): RefreshToken {
  return { ...token, secret: createHmac('sha256', token.secret).update(salt).digest('base64url') };
}

/** What is stored instead of a secret. The secrets are random: no slow hash is needed. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
