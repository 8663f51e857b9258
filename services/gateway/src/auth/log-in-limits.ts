import { HttpProblem } from '@verdict/process';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { addressKey } from '../limits/address-key.ts';
import { Turns } from './turns.ts';

/** Hashing takes a thread for a good while, and there are four: tokens of other requests are checked on them too. */
const hashedAtOnce = 2;
/** Some seconds of hashing. */
const mostWaiting = 40;

/** How often this gateway lets somebody try; the lock-out in the database holds over all gateways. */
export interface LogInLimits {
  /** Counts an attempt. Throws 429 with Retry-After when there are too many. */
  attempt(address: string, username: string): Promise<void>;
  /** Counts a failure of a name, whether such a user exists or not. */
  failed(username: string): Promise<void>;
  succeeded(username: string): Promise<void>;
  /** Checks a password when it is its turn. Throws 429 when too many wait. */
  turn<Result>(check: () => Promise<Result>): Promise<Result>;
}

/** Limits attempts per address and minute, and failures per user name. */
export function logInLimits(options: {
  perAddressAndMinute: number;
  failures: number;
  lockSeconds: number;
}): LogInLimits {
  const byAddress = new RateLimiterMemory({ points: options.perAddressAndMinute, duration: 60 });
  // Unknown names are locked as known ones are, so that a lock says nothing about who exists.
  const failures = new RateLimiterMemory({
    points: options.failures - 1,
    duration: options.lockSeconds,
    blockDuration: options.lockSeconds,
  });
  const turns = new Turns(hashedAtOnce, mostWaiting);
  return {
    async turn(check) {
      if (turns.full)
        throw new HttpProblem(429, {
          detail: 'Too many log-ins at once; try again soon.',
          retryAfterSeconds: 2,
        });
      return turns.run(check);
    },
    async attempt(address, username) {
      try {
        await byAddress.consume(addressKey(address));
      } catch (error) {
        throw limited(error, 'Too many log-ins from this address; try again later.');
      }
      const known = await failures.get(username);
      if (known !== null && known.consumedPoints >= options.failures)
        throw limited(known, 'Too many failed log-ins; try again later.');
    },
    async failed(username) {
      try {
        await failures.consume(username);
      } catch (error) {
        // The failure that locks is itself answered as any other failure.
        if (!(error instanceof RateLimiterRes)) throw error;
      }
    },
    async succeeded(username) {
      await failures.delete(username);
    },
  };
}

function limited(error: unknown, detail: string): unknown {
  if (!(error instanceof RateLimiterRes)) return error;
  return new HttpProblem(429, { detail, retryAfterSeconds: error.msBeforeNext / 1000 });
}
