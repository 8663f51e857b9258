import type { Problem, ProblemError } from '@verdict/contracts';

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Body too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  417: 'Expectation failed',
  421: 'Misdirected request',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Service unavailable',
};

/** What a problem says beside its status. */
export interface ProblemOptions {
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown by handlers; answered as RFC 9457 problem+json. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly errors: readonly ProblemError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, options: ProblemOptions = {}) {
    super(options.detail ?? titles[status] ?? `Status ${status}`, { cause: options.cause });
    this.status = status;
    this.errors = options.errors;
    this.headers =
      options.retryAfterSeconds === undefined
        ? (options.headers ?? {})
        : { ...options.headers, 'Retry-After': String(Math.max(1, Math.ceil(options.retryAfterSeconds))) };
  }

  /** The body that is sent. */
  body(): Problem {
    return {
      type: 'about:blank',
      title: titles[this.status] ?? `Status ${this.status}`,
      status: this.status,
      detail: this.message,
      ...(this.errors === undefined ? {} : { errors: this.errors.slice(0, 100) }),
    };
  }
}
