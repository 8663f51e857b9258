import { HttpProblem } from '@verdict/process';
import type { UserRow, UserStore } from '@verdict/storage';
import type { LogInLimits } from './log-in-limits.ts';
import { verifyPassword } from './password-hash.ts';

/** Failures in a row after which a user is locked, and for how long. */
export const lockOut = { failures: 10, forMs: 15 * 60_000 } as const;

/** What a log-in needs. */
export interface LogInParts {
  readonly users: UserStore;
  readonly limits: LogInLimits;
  readonly nowMs: () => number;
  /** Hash of a password that nobody has: an unknown user costs as much time as a known one. */
  readonly decoyHash: string;
}

/**
 * Checks a user name and password. Throws 401 for a wrong pair (the same for a user who does not exist), 429 with
 * Retry-After for too many attempts or a locked user; while it is locked the right password does not help either.
 */
export async function logIn(
  parts: LogInParts,
  given: { username: string; password: string; address: string },
): Promise<UserRow> {
  const { users, limits, nowMs, decoyHash } = parts;
  await limits.attempt(given.address, given.username);
  const user = await users.get(given.username);
  const lockedUntilMs = user?.lockedUntilMs ?? 0;
  if (lockedUntilMs > nowMs()) throw tooManyFailures((lockedUntilMs - nowMs()) / 1000);
  const right = await limits.turn(() => verifyPassword(given.password, user?.passwordHash ?? decoyHash));
  if (user !== null && right) {
    if (user.failures > 0 || user.lockedUntilMs !== null) await users.succeeded(user.username);
    await limits.succeeded(given.username);
    return user;
  }
  // Of an unknown user too, where it changes nothing: the time that it takes must not tell who exists.
  await users.failed(given.username, lockOut.failures, lockOut.forMs);
  await limits.failed(given.username);
  throw new HttpProblem(401, { detail: 'The user name or the password is wrong.' });
}

/** The answer to somebody who is locked out. */
export function tooManyFailures(seconds: number): HttpProblem {
  return new HttpProblem(429, {
    detail: 'Too many failed log-ins; try again later.',
    retryAfterSeconds: seconds,
  });
}
