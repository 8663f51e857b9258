import type { Role } from '@verdict/contracts';

/** Who calls, as their verified token says. */
export interface Caller {
  /** The token's subject: a user name. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** When the token expires, epoch milliseconds. */
  readonly expiresAtMs: number;
}

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
