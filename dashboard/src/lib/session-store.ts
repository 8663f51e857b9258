import type { TokenResponse } from '@verdict/contracts';
import { bearerOf, type TokenBearer } from './access-token.ts';
import { Subscribers } from './subscribers.ts';

/** A signed-in person's token and how long it lasts. */
export interface Session extends TokenBearer {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Nobody; somebody; or somebody whose log-in is over while the page is open. */
export type SessionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'active'; readonly session: Session }
  | { readonly kind: 'expired'; readonly person: string };

/** What the session stands on. */
export interface SessionParts {
  readonly nowMs: () => number;
  /** Asks for a fresh token by the log-in's cookie; null = the log-in is over. Rejects when nobody can say so now. */
  readonly renew: () => Promise<TokenResponse | null>;
  /** Tells the other tabs that somebody signed out. */
  readonly tellTabs: () => void;
}

/** A token is renewed so long before its end; sooner for one that lives shorter. */
const renewBeforeMs = 90_000;
/** When the gateway cannot be asked, it is asked again after this time. */
const askAgainMs = 5_000;
/** Longer timers would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Holds the session of this tab. The access token lives in memory only and lasts for minutes; the log-in itself is a
 * cookie that no script can read, with which the token is renewed silently before it ends. Where that is refused the
 * page does not end: the state becomes `expired`, and signing in again makes it `active`.
 */
export class SessionStore {
  readonly #subscribers = new Subscribers();
  readonly #parts: SessionParts;
  #state: SessionState = { kind: 'none' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #renewing: Promise<string | null> | null = null;
  /** Grows when somebody signs in or out: what was asked for before counts no more. */
  #turn = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Calls `listener` after every change; returns the way out. */
  readonly subscribe = (listener: () => void): (() => void) => this.#subscribers.add(listener);

  /** The state now; the same object until it changes. */
  readonly state = (): SessionState => this.#state;

  /** The token, or null when there is none that is still good. */
  token(): string | null {
    if (this.#state.kind !== 'active') return null;
    const { token, expiresAtMs } = this.#state.session;
    return expiresAtMs > this.#parts.nowMs() ? token : null;
  }

  /** The token; renewed first where it has run out, as after a sleep of the machine. Null when there is none. */
  async fresh(): Promise<string | null> {
    return this.token() ?? (this.#state.kind === 'active' ? this.#renew() : null);
  }

  /** The gateway refused a token: gives another one, or null when the log-in is over. */
  async refused(token: string): Promise<string | null> {
    const now = this.token();
    // Another request may have renewed meanwhile.
    return now !== null && now !== token ? now : this.#renew();
  }

  /** Goes on with the log-in that this browser has, as `person`; for the start of a page. */
  async resume(person: string): Promise<void> {
    this.#change({ kind: 'expired', person });
    if ((await this.#renew()) === null && this.#timer === undefined) this.#change({ kind: 'none' });
  }

  /** Takes a fresh token. `username` stands in where the token names nobody. */
  begin(answer: TokenResponse, username: string): void {
    this.#turn += 1;
    this.#renewing = null;
    this.#take(answer, username);
  }

  /** Signs out in this tab, and tells the others. */
  end(): void {
    this.endHere();
    this.#parts.tellTabs();
  }

  /** Signs out in this tab: another one said so. */
  endHere(): void {
    this.#turn += 1;
    this.#renewing = null;
    if (this.#state.kind !== 'none') this.#change({ kind: 'none' });
  }

  #take(answer: TokenResponse, username: string): void {
    const bearer = bearerOf(answer.access_token) ?? { person: username, roles: [] };
    const lifeMs = answer.expires_in * 1000;
    const expiresAtMs = this.#parts.nowMs() + lifeMs;
    this.#change({ kind: 'active', session: { ...bearer, token: answer.access_token, expiresAtMs } });
    this.#renewAfter(lifeMs - Math.min(renewBeforeMs, lifeMs / 5));
  }

  /** One at a time: callers at the same moment share it. */
  #renew(): Promise<string | null> {
    this.#renewing ??= this.#askAnew().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #askAnew(): Promise<string | null> {
    const turn = this.#turn;
    let answer: TokenResponse | null;
    try {
      answer = await this.#parts.renew();
    } catch {
      // Nobody can be asked: that says nothing about the log-in.
      if (turn === this.#turn) this.#renewAfter(askAgainMs);
      return null;
    }
    if (turn !== this.#turn) return this.token();
    if (answer === null) {
      this.#expire();
      return null;
    }
    const person = this.#person();
    this.#take(answer, person);
    return answer.access_token;
  }

  #renewAfter(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renew(), Math.min(afterMs, longestTimerMs));
  }

  #expire(): void {
    this.#change({ kind: 'expired', person: this.#person() });
  }

  #person(): string {
    if (this.#state.kind === 'active') return this.#state.session.person;
    return this.#state.kind === 'expired' ? this.#state.person : '';
  }

  #change(state: SessionState): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#state = state;
    this.#subscribers.tell();
  }
}
