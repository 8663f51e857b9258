import type { ClientClock } from './client-clock.ts';
import { type HttpAnswer, neverSent } from './http-exchange.ts';
import { PlatformUnavailable } from './platform-error.ts';

/** How often and how slowly a call is repeated before it fails. */
export interface RetryPolicy {
  /** Tries in all; 1 = no retry; Infinity = until the signal aborts. */
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

/** Statuses that mean "not now": too many requests, and a gateway or what it stands on that is in trouble. */
function isPassing(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** A try that failed and will be repeated. */
export interface Retry {
  /** Why, as a sentence. */
  reason: string;
  /** Which try failed, from 1. */
  attempt: number;
  waitMs: number;
}

/** Surroundings of a retried call. */
export interface RetryContext {
  policy: RetryPolicy;
  clock: ClientClock;
  /** Uniform in [0, 1). */
  random: () => number;
  signal: AbortSignal | undefined;
  /** Told before each wait. */
  onRetry: ((retry: Retry) => void) | undefined;
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
  const { policy, clock, random, signal, onRetry } = context;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const outcome = await send().catch((error: unknown) => {
      if (error instanceof PlatformUnavailable) return error;
      throw error;
    });
    const failed = outcome instanceof PlatformUnavailable;
    if (!failed && !isPassing(outcome.status)) return outcome;
    const safe = repeatable || (failed ? neverSent(outcome) : [429, 503].includes(outcome.status));
    const askedMs = failed ? undefined : outcome.retryAfterMs;
    if (attempt >= policy.attempts || !safe || (askedMs ?? 0) > policy.maxRetryAfterMs) {
      if (failed) throw outcome;
      return outcome;
    }
    const jitteredMs = random() * Math.min(policy.maxMs, policy.firstMs * 2 ** (attempt - 1));
    const waitMs = (askedMs ?? 0) + jitteredMs;
    const reason = failed ? outcome.message : `the platform answered ${outcome.status}`;
    onRetry?.({ reason, attempt, waitMs });
    await clock.sleep(waitMs, signal);
  }
}
