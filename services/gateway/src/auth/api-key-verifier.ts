import { timingSafeEqual } from 'node:crypto';
import { type Logger, TokenRefused, type VerifyToken } from '@verdict/process';
import type { ApiKeyRow, ApiKeyStore } from '@verdict/storage';
import { apiKeyId, hashApiKey } from './api-key.ts';

/** A key is read again after this time, should the change feed not have told of its end. */
const keptMs = 15_000;
const mostKept = 10_000;
/** The database is asked to note a use no more often than this; it writes once an hour. */
const noteEveryMs = 10 * 60_000;

interface Kept {
  readonly row: ApiKeyRow;
  readonly readAtMs: number;
}

/** Checks keys of producers; keeps what it read of them for some seconds, so that not every request asks the database. */
export class ApiKeyVerifier {
  readonly #keys: Pick<ApiKeyStore, 'get' | 'used'>;
  readonly #nowMs: () => number;
  readonly #logger: Logger;
  readonly #kept = new Map<string, Kept>();
  readonly #noted = new Map<string, number>();

  constructor(parts: { keys: Pick<ApiKeyStore, 'get' | 'used'>; nowMs: () => number; logger: Logger }) {
    this.#keys = parts.keys;
    this.#nowMs = parts.nowMs;
    this.#logger = parts.logger;
  }

  /** Gives the producer, who may send series of the key's prefix. Rejects with `TokenRefused`, for whatever reason. */
  readonly verify: VerifyToken = async (key) => {
    const id = apiKeyId(key);
    const row = id === null ? null : await this.#read(id);
    if (row === null || !timingSafeEqual(hashApiKey(key), row.hash))
      throw new TokenRefused('the API key is not valid');
    if (row.revokedAtMs !== null) throw new TokenRefused('the API key was revoked');
    const expiresAtMs = row.expiresAtMs ?? Number.POSITIVE_INFINITY;
    if (expiresAtMs <= this.#nowMs()) throw new TokenRefused('the API key has expired');
    this.#note(row.id);
    return { name: `key:${row.name}`, roles: ['ingest'], expiresAtMs, seriesPrefix: row.seriesPrefix };
  };

  /** Told that a key was revoked or changed; null = any of them may have been. */
  forget(id: string | null): void {
    if (id === null) this.#kept.clear();
    else this.#kept.delete(id);
  }

  async #read(id: string): Promise<ApiKeyRow | null> {
    const kept = this.#kept.get(id);
    if (kept !== undefined && this.#nowMs() - kept.readAtMs < keptMs) return kept.row;
    const readAtMs = this.#nowMs();
    const row = await this.#keys.get(id);
    if (row === null) return null;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    this.#kept.set(id, { row, readAtMs });
    return row;
  }

  #note(id: string): void {
    const nowMs = this.#nowMs();
    if (nowMs - (this.#noted.get(id) ?? Number.NEGATIVE_INFINITY) < noteEveryMs) return;
    if (this.#noted.size >= mostKept) this.#noted.clear();
    this.#noted.set(id, nowMs);
    this.#keys.used(id).catch((error: unknown) => {
      // The next request tries again: no reading waits for a note.
      this.#noted.delete(id);
      this.#logger.debug({ err: error }, 'the use of an API key could not be noted');
    });
  }
}
