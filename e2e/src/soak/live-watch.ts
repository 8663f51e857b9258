import type { Anomaly } from '@verdict/contracts';
import type { ListenerEvents } from '../proof-stream/listener.ts';

/** A gap is told right after what was told again because of it; so long it may take at most. */
const excusedMs = 30_000;

/**
 * Watches what the live hub tells one client. A message holds the newest state of an anomaly, so there are at most as
 * many messages as revisions, and revisions never go back; after a gap, of which the gateway tells, everything may be
 * told once more.
 */
export class LiveWatch implements ListenerEvents {
  readonly #nowMs: () => number;
  /** Messages per anomaly and its newest revision, since the last gap. */
  #heard = new Map<string, { messages: number; revision: number }>();
  /** Times of messages too many that a gap may still explain. */
  #excess: number[] = [];
  #proven = 0;
  /** Messages with an older revision than one before. */
  outOfOrder = 0;
  messages = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  onMessage({ id, revision }: Anomaly): void {
    this.messages += 1;
    const nowMs = this.#nowMs();
    this.#settle(nowMs - excusedMs);
    const before = this.#heard.get(id) ?? { messages: 0, revision: 0 };
    if (revision < before.revision) this.outOfOrder += 1;
    const now = { messages: before.messages + 1, revision: Math.max(revision, before.revision) };
    this.#heard.set(id, now);
    if (now.messages > now.revision) this.#excess.push(nowMs);
  }

  onGap(): void {
    this.#settle(this.#nowMs() - excusedMs);
    this.#excess = [];
    this.#heard = new Map();
  }

  /** Messages that told a client nothing new, without a gap that would explain them. */
  duplicates(): number {
    return this.#proven + this.#excess.length;
  }

  #settle(beforeMs: number): void {
    const late = this.#excess.filter((atMs) => atMs > beforeMs);
    this.#proven += this.#excess.length - late.length;
    this.#excess = late;
  }
}
