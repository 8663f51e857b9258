import type { TokenResponse } from '@verdict/contracts';
import { bearerOf, type TokenBearer } from './access-token.ts';
import { Subscribers } from './subscribers.ts';

/** A signed-in person's token and how long it lasts. */
export interface Session extends TokenBearer {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Nobody; somebody; or somebody whose token ran out while the page is open. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly session: Session }
  | { readonly kind: 'expired'; readonly person: string };

const storageKey = 'verdict.session';

/**
 * Holds the session of this tab. The token lives in the tab's session storage, so that a reload keeps it and
 * closing the tab forgets it. A token that runs out does not end the page: the state becomes `expired`, and
 * signing in again makes it `active`.
 */
export class SessionStore {
  readonly #subscribers = new Subscribers();
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly #nowMs: () => number;
  #state: SessionState = { kind: 'none' };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: { storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>; nowMs: () => number }) {
    this.#storage = parts.storage;
    this.#nowMs = parts.nowMs;
    const kept = this.#read();
    if (kept !== null) this.#activate(kept);
  }

  /** Calls `listener` after every change; returns the way out. */
  readonly subscribe = (listener: () => void): (() => void) => this.#subscribers.add(listener);

  /** The state now; the same object until it changes. */
  readonly state = (): SessionState => this.#state;

  /** The token, or null when there is none that is still good. */
  token(): string | null {
    return this.#state.kind === 'active' ? this.#state.session.token : null;
  }

  /** Takes a fresh token. `username` stands in where the token names nobody. */
  begin(answer: TokenResponse, username: string): void {
    const bearer = bearerOf(answer.access_token) ?? { person: username, roles: [] };
    const session = {
      ...bearer,
      token: answer.access_token,
      expiresAtMs: this.#nowMs() + answer.expires_in * 1000,
    };
    this.#storage.setItem(storageKey, JSON.stringify(session));
    this.#activate(session);
  }

  /** The token is no longer good (its time is over, or the gateway said 401). */
  expire(): void {
    if (this.#state.kind !== 'active') return;
    this.#storage.removeItem(storageKey);
    this.#change({ kind: 'expired', person: this.#state.session.person });
  }

  /** Signs out. */
  end(): void {
    this.#storage.removeItem(storageKey);
    this.#change({ kind: 'none' });
  }

  #activate(session: Session): void {
    this.#change({ kind: 'active', session });
    const leftMs = Math.max(0, session.expiresAtMs - this.#nowMs());
    this.#timer = setTimeout(() => this.expire(), Math.min(leftMs, 2 ** 31 - 1));
  }

  #change(state: SessionState): void {
    clearTimeout(this.#timer);
    this.#state = state;
    this.#subscribers.tell();
  }

  #read(): Session | null {
    const text = this.#storage.getItem(storageKey);
    if (text === null) return null;
    let kept: Partial<Session> | null;
    try {
      kept = JSON.parse(text) as Partial<Session> | null;
    } catch {
      return null;
    }
    if (typeof kept?.token !== 'string' || typeof kept.expiresAtMs !== 'number') return null;
    if (kept.expiresAtMs <= this.#nowMs()) return null;
    const bearer = bearerOf(kept.token) ?? { person: kept.person ?? 'you', roles: [] };
    return { ...bearer, token: kept.token, expiresAtMs: kept.expiresAtMs };
  }
}
