import { type Caller, TokenRefused, type VerifyToken } from '@verdict/process';
import type { SessionStore } from '@verdict/storage';

/**
 * The log-ins that ended a short while ago: their access tokens are good by their signature for some minutes yet, and
 * are refused all the same. It is told by the change feed, and reads everything anew after a gap in that.
 */
export class EndedSessions {
  readonly #sessions: Pick<SessionStore, 'endedWithin'>;
  readonly #nowMs: () => number;
  readonly #keepMs: number;
  readonly #listeners = new Set<(id: string) => void>();
  /** Id → when it was heard of. */
  readonly #ended = new Map<string, number>();

  /** `keepMs`: longer than any access token lives. */
  constructor(parts: {
    sessions: Pick<SessionStore, 'endedWithin'>;
    nowMs: () => number;
    keepMs: number;
  }) {
    this.#sessions = parts.sessions;
    this.#nowMs = parts.nowMs;
    this.#keepMs = parts.keepMs;
  }

  /** Calls with each log-in that ends from now on. */
  onEnd(listener: (id: string) => void): void {
    this.#listeners.add(listener);
  }

  has(caller: Caller): boolean {
    return caller.session !== undefined && this.#ended.has(caller.session);
  }

  add(id: string): void {
    if (this.#ended.has(id)) return;
    const nowMs = this.#nowMs();
    // In the order of their time: the old ones stand first.
    for (const [old, sinceMs] of this.#ended) {
      if (sinceMs > nowMs - this.#keepMs) break;
      this.#ended.delete(old);
    }
    this.#ended.set(id, nowMs);
    for (const listener of this.#listeners) listener(id);
  }

  /** Reads what ended of late; for the start, and when the change feed may have missed something. */
  async reload(): Promise<void> {
    for (const id of await this.#sessions.endedWithin(this.#keepMs)) this.add(id);
  }

  /** A check of tokens that knows of ends. */
  guard(verify: VerifyToken): VerifyToken {
    return async (token) => {
      const caller = await verify(token);
      if (this.has(caller)) throw new TokenRefused('the log-in of this token has ended');
      return caller;
    };
  }
}
