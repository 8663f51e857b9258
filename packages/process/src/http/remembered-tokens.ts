import { hash } from 'node:crypto';
import type { Caller } from './caller.ts';

/** Tokens kept; what is used least goes first. */
const mostTokens = 10_000;
/** Then a token is checked anew: its key may have been withdrawn. */
const rememberMs = 30_000;

interface Remembered {
  readonly caller: Caller;
  /** From then on it is checked again, epoch ms. */
  readonly untilMs: number;
}

/**
 * Tokens that were found to be good a moment ago. The check of a signature costs as much as all else about a request, and
 * whoever sends readings sends them with the same token. Only digests are kept.
 */
export class RememberedTokens {
  readonly #nowMs: () => number;
  /** By digest, the one used longest ago first. */
  readonly #known = new Map<string, Remembered>();

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** Who the token names; null = it must be checked. */
  caller(token: string): Caller | null {
    const digest = digestOf(token);
    const known = this.#known.get(digest);
    if (known === undefined) return null;
    this.#known.delete(digest);
    if (this.#nowMs() >= known.untilMs) return null;
    this.#known.set(digest, known);
    return known.caller;
  }

  /** The token is good. */
  add(token: string, caller: Caller): void {
    const untilMs = Math.min(this.#nowMs() + rememberMs, caller.expiresAtMs);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostTokens) break;
      this.#known.delete(oldest);
    }
    this.#known.set(digestOf(token), { caller, untilMs });
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64url');
}
