import { hash } from 'node:crypto';
import type { CryptoKey, JWTHeaderParameters, KeyObject } from 'jose';
import { RecentMap } from '../recent-map.ts';
import type { Caller } from './caller.ts';

/** Tokens kept; what is used least goes first. */
const mostTokens = 10_000;

/** What was found out about a token. */
export interface GoodToken {
  readonly caller: Caller;
  /** What it said of its key, and the key that its signature fits. */
  readonly header: JWTHeaderParameters;
  readonly key: CryptoKey | KeyObject | Uint8Array;
}

/**
 * Tokens that were found to be good and have not expired. The check of a signature costs as much as all else about a
 * request, and whoever sends readings sends them with the same token. Only digests are kept.
 */
export class RememberedTokens {
  readonly #nowMs: () => number;
  /** By digest. */
  readonly #known = new RecentMap<string, GoodToken>(mostTokens);

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** What is known of the token; null = it must be checked. */
  find(token: string): GoodToken | null {
    const digest = digestOf(token);
    const known = this.#known.get(digest);
    if (known === undefined) return null;
    if (this.#nowMs() >= known.caller.expiresAtMs) {
      this.#known.delete(digest);
      return null;
    }
    // What is in use stays.
    this.#known.set(digest, known);
    return known;
  }

  /** The token is good. */
  add(token: string, good: GoodToken): void {
    this.#known.set(digestOf(token), good);
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
