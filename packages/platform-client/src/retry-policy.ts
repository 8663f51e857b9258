import { type HttpAnswer, neverSent } from './http-exchange.ts';
import { PlatformUnavailable } from './platform-error.ts';

/** Time as the client needs it; `systemClock` of the process package is one. */
export interface ClientClock {
  /** Wall clock, epoch milliseconds. */
  nowMs(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How often and how slowly a call is repeated before it fails. */
export interface RetryPolicy {
  /** Tries in all; 1 = no retry. */
  attempts: number;
  /** Longest wait before the second try; doubles with each further one. */
  firstMs: number;
  /** No wait is longer, except where the platform itself asks for it. */
  maxMs: number;
  /** A Retry-After beyond this is not waited for: the call fails and carries it. */
  maxRetryAfterMs: number;
}

/** Four tries within a few seconds. */
export const defaultRetryPolicy: RetryPolicy = {
  attempts: 4,
  firstMs: 200,
  maxMs: 5_000,
  maxRetryAfterMs: 30_000,
};

/** Statuses that mean "not now": too many requests, and a gateway or what it stands on that is away. */
const passingStatuses = new Set([429, 502, 503, 504]);

/** Surroundings of a retried call. */
export interface RetryContext {
  policy: RetryPolicy;
  clock: ClientClock;
  /** Uniform in [0, 1). */
  random: () => number;
  signal: AbortSignal | undefined;
}

/**
 * Runs `send` until it brings an answer that is not "not now", at most `policy.attempts` times, with full jitter
 * between tries. A call that is not `repeatable` is tried again only where it certainly had no effect.
 */
export async function withRetries(
  context: RetryContext,
  repeatable: boolean,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const { policy, clock, random, signal } = context;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const outcome = await send().catch((error: unknown) => {
      if (error instanceof PlatformUnavailable) return error;
      throw error;
    });
    const failed = outcome instanceof PlatformUnavailable;
    if (!failed && !passingStatuses.has(outcome.status)) return outcome;
    const safe = repeatable || (failed ? neverSent(outcome) : [429, 503].includes(outcome.status));
    const askedMs = failed ? undefined : outcome.retryAfterMs;
    if (attempt >= policy.attempts || !safe || (askedMs ?? 0) > policy.maxRetryAfterMs) {
      if (failed) throw outcome;
      return outcome;
    }
    const jitteredMs = random() * Math.min(policy.maxMs, policy.firstMs * 2 ** (attempt - 1));
    await clock.sleep((askedMs ?? 0) + jitteredMs, signal);
  }
}
