import type { Problem } from '@verdict/contracts';

/** What is known about why the platform could not answer. */
export interface UnavailableDetails {
  /** HTTP status, when there was an answer at all. */
  status?: number;
  /** How long the platform asked to wait (Retry-After), in milliseconds. */
  retryAfterMs?: number;
  cause?: unknown;
}

/**
 * The platform could not be reached or could not answer now: connection refused or lost, a time-out, 429 or a
 * 5xx after the retries. The same call may succeed later.
 */
export class PlatformUnavailable extends Error {
  override readonly name = 'PlatformUnavailable';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: UnavailableDetails = {}) {
    super(message, { cause: details.cause });
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The platform refused the call (4xx): repeating it unchanged is useless. */
export class PlatformRefused extends Error {
  override readonly name = 'PlatformRefused';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(describeProblem(problem));
    this.problem = problem;
  }
}

/** The platform answered with something that the contracts do not know: another version, or not Verdict at all. */
export class PlatformAnswerUnexpected extends Error {
  override readonly name = 'PlatformAnswerUnexpected';
}

/** One sentence from a problem: its detail, and the first field that is wrong. */
function describeProblem(problem: Problem): string {
  const text = problem.detail ?? problem.title;
  const first = problem.errors?.[0];
  return first === undefined || text.includes(first.message)
    ? text
    : `${text} (${first.field}: ${first.message})`;
}
