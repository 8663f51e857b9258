import type { Role } from '@verdict/contracts';

/** A log-in that refresh tokens renew. Hashes are SHA-256 of random secrets. */
export interface NewSession {
  /** UUID; public. */
  readonly id: string;
  /** Of what all refresh tokens of this log-in have in common. */
  readonly familyHash: Uint8Array;
  readonly username: string;
  /** null = those of the local user, read again at each renewal. */
  readonly roles: readonly Role[] | null;
  /** Of the first token's secret. */
  readonly secretHash: Uint8Array;
  /** It ends when it is not renewed for so long. */
  readonly idleMs: number;
  /** It ends after so long in any case. */
  readonly lifeMs: number;
}

/** A log-in as it is now. */
export interface SessionRow {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[] | null;
  readonly secretHash: Uint8Array;
  /** Of the token before the newest; null = there was none. */
  readonly previousHash: Uint8Array | null;
  /** With it the newest secret was derived from the one before. */
  readonly salt: Uint8Array | null;
  /** Milliseconds since the newest token was made, by the database's clock. */
  readonly rotatedAgoMs: number;
  /** Milliseconds until it ends for want of renewal or for good; 0 or less = over, or it was ended. */
  readonly leftMs: number;
}

/** Why a session was ended: the person left, a used token came back, its user changed or went. */
export type SessionEnd = 'log-out' | 'reuse' | 'user changed';

/** Log-ins. Ends are told on the change feed (topic `session`). */
export interface SessionStore {
  create(session: NewSession): Promise<void>;
  find(familyHash: Uint8Array): Promise<SessionRow | null>;
  /** Puts a new secret in place of `from`; false when somebody else did so first, or it has ended. */
  rotate(request: {
    id: string;
    from: Uint8Array;
    to: Uint8Array;
    salt: Uint8Array;
    idleMs: number;
  }): Promise<boolean>;
  /** Ends one log-in, or all of a user; gives the ids that were not ended before. */
  end(which: { id: string } | { username: string }, why: SessionEnd): Promise<string[]>;
  /** Ids of those that were ended within the last `withinMs`. */
  endedWithin(withinMs: number): Promise<string[]>;
  /** Forgets those that have been over for `afterMs`. */
  dropOld(afterMs: number): Promise<void>;
}

/** A key of a producer, without its secret. */
export interface ApiKeyRow {
  /** Public part of the key. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the whole key. */
  readonly hash: Uint8Array;
  /** Series that it may send begin with this; '' = all. */
  readonly seriesPrefix: string;
  readonly createdBy: string;
  readonly createdAtMs: number;
  /** null = never. */
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** Within an hour; null = not yet. */
  readonly usedAtMs: number | null;
  /** The key that it was rotated into. */
  readonly successor: string | null;
}

export type NewApiKey = Pick<
  ApiKeyRow,
  'id' | 'name' | 'hash' | 'seriesPrefix' | 'createdBy' | 'expiresAtMs'
>;

/** Keys of producers. Revocations and changed ends are told on the change feed (topic `key`). */
export interface ApiKeyStore {
  create(key: NewApiKey): Promise<ApiKeyRow>;
  /** Newest first, revoked and expired ones too. */
  list(): Promise<ApiKeyRow[]>;
  get(id: string): Promise<ApiKeyRow | null>;
  /** False when there is none that is not revoked already. */
  revoke(id: string): Promise<boolean>;
  /**
   * Puts a new key beside an old one, which ends `overlapMs` from now at the latest; null when the old one is not
   * good any more or was rotated before.
   */
  rotate(
    oldId: string,
    key: Pick<NewApiKey, 'id' | 'hash' | 'createdBy'>,
    terms: {
      overlapMs: number;
      /** Of the new key; null = never. */
      expiresAtMs: number | null;
    },
  ): Promise<ApiKeyRow | null>;
  /** Notes a use, unless one of the last hour is noted. */
  used(id: string): Promise<void>;
}
