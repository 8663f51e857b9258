/** The part of `metav1.Status` that is read here. */
export interface StatusBody {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

/**
 * The API server refused, or gave no answer. `status` is the HTTP status, 0 when there was none (connection,
 * timeout); `reason` is the server's word for it (`NotFound`, `Conflict`, `AlreadyExists`, `Invalid`, `Expired`, …),
 * or `Unreachable`, `Timeout`. The message is one sentence that says what was asked and what came of it.
 */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  readonly reason: string;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** The server's own answer, if it gave one. */
  readonly body: StatusBody | undefined;

  constructor(
    message: string,
    options: {
      status: number;
      reason: string;
      retryAfterMs?: number;
      body?: StatusBody;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs;
    this.body = options.body;
  }
}

/** There is no such object (or no such kind). */
export const isNotFound = (error: unknown): boolean => error instanceof KubeError && error.status === 404;

/** Somebody else changed the object first: read again and decide anew. Not: a name that is taken. */
export const isConflict = (error: unknown): boolean =>
  error instanceof KubeError && error.status === 409 && error.reason !== 'AlreadyExists';

/** `create` found an object of that name. */
export const isAlreadyExists = (error: unknown): boolean =>
  error instanceof KubeError && error.status === 409 && error.reason === 'AlreadyExists';

/** The object breaks the schema, a CEL rule or an immutable field; trying the same again cannot help. */
export const isInvalid = (error: unknown): boolean => error instanceof KubeError && error.status === 422;

/**
 * The version to go on from is out of reach: compacted away (410), or newer than the server itself after a restore.
 * Only a fresh list helps.
 */
export function isExpired(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false;
  if (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone') return true;
  return error.body?.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge') ?? false;
}
