/**
 * The platform could not be asked: it is away, overloaded, refuses our token, or speaks another version. The same call
 * may succeed later; until then nothing is known, and nothing may be changed.
 */
export class PlatformUnavailableError extends Error {
  override readonly name = 'PlatformUnavailableError';
  /** How long the platform asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The platform understood the call and refuses it (400, 404, 409, …): repeating it unchanged is useless. */
export class PlatformRefusedError extends Error {
  override readonly name = 'PlatformRefusedError';
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, options: { status: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.status = options.status;
  }
}
