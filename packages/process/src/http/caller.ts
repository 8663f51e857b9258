import type { Role } from '@verdict/contracts';

/** Who calls, as their verified token says. */
export interface Caller {
  /** The token's subject: a user name. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** When the token expires, epoch milliseconds. */
  readonly expiresAtMs: number;
  /** The log-in that the token belongs to: with its end the token is refused. */
  readonly session?: string;
  /** Set for keys of producers: they may send readings of series that begin so, and nothing else. */
  readonly seriesPrefix?: string;
}

/** Longer tokens are not looked at; ours have some 400 characters, those of identity providers rarely 4,000. */
export const maxTokenChars = 8192;

/** What keys of producers begin with; tokens never do. */
export const apiKeyPrefix = 'vk_';

/** Checks a bearer token. Rejects with `TokenRefused`, or `KeysUnavailable` when the keys cannot be had. */
export type VerifyToken = (token: string) => Promise<Caller>;

/** The token is not one of ours, is expired, or is not meant for us. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The key set could not be fetched: nothing can be said about the token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}
