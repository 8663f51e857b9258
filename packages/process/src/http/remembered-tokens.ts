import { hash } from 'node:crypto';
import type { CryptoKey, JWTHeaderParameters, KeyObject } from 'jose';
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
  /** By digest, the one used longest ago first. */
  readonly #known = new Map<string, GoodToken>();

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** What is known of the token; null = it must be checked. */
  find(token: string): GoodToken | null {
    const digest = digestOf(token);
    const known = this.#known.get(digest);
    if (known === undefined) return null;
    this.#known.delete(digest);
    if (this.#nowMs() >= known.caller.expiresAtMs) return null;
    this.#known.set(digest, known);
    return known;
  }

  /** The token is good. */
  add(token: string, good: GoodToken): void {
    const digest = digestOf(token);
    this.#known.delete(digest);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostTokens) break;
      this.#known.delete(oldest);
    }
    this.#known.set(digest, good);
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
