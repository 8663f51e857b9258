import type { Settlement, WebhookHealth } from '@verdict/storage';

/** How messages are sent, and sent again. */
export interface SendPolicy {
  /** One attempt, from the look-up of the name to the end of the answer. */
  readonly timeoutMs: number;
  /** Attempts at one receiver at the same time. */
  readonly atOnce: number;
  /** Before the second attempt at a message; doubled with each further one, up to … */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A receiver that fails is left alone just so, but no longer than that. */
  readonly longestPauseMs: number;
  /** Attempts at one message. */
  readonly mostAttempts: number;
  /** What waits for longer is given up. */
  readonly maxAgeMs: number;
  /** What waits for one receiver; the oldest beyond that is given up. */
  readonly maxWaiting: number;
  /** How often an Alertmanager is told again of what is open; its alerts outlive four times that. */
  readonly refreshMs: number;
  /** A gateway that is gone is replaced after that; far more than an attempt takes. */
  readonly leaseMs: number;
}

export const defaultSendPolicy: SendPolicy = {
  timeoutMs: 10_000,
  atOnce: 4,
  firstWaitMs: 5000,
  longestWaitMs: 3_600_000,
  longestPauseMs: 600_000,
  mostAttempts: 32,
  maxAgeMs: 86_400_000,
  maxWaiting: 10_000,
  refreshMs: 60_000,
  leaseMs: 30_000,
};

/** What came of one attempt. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      /** null = nobody answered. */
      readonly status: number | null;
      readonly message: string;
      readonly retryAfterSeconds: number | null;
    }
  /** Never to be tried again, whatever the receiver is like. */
  | { readonly kind: 'hopeless'; readonly message: string }
  /** We ended it ourselves. */
  | { readonly kind: 'broken off' };

/** The receiver does not want any more (Standard Webhooks, and RFC 9110). */
const gone = 410;
/** What a receiver answers that has something against this one message. */
const ofTheMessage: ReadonlySet<number | null> = new Set([400, 413, 422]);

type Random = () => number;

/** What becomes of a message after an attempt at it. */
export function settlementOf(
  { id, attempts }: { id: number; attempts: number },
  outcome: Outcome,
  policy: SendPolicy,
  random: Random,
): Settlement {
  const base = { id, attempts, waitMs: 0, counts: true, status: null, message: null };
  if (outcome.kind === 'delivered') return { ...base, state: 'delivered', status: outcome.status };
  if (outcome.kind === 'hopeless') return { ...base, state: 'dead', message: outcome.message };
  if (outcome.kind === 'broken off') return { ...base, state: 'waiting', counts: false };
  const { status, message } = outcome;
  const isLast = attempts >= policy.mostAttempts || status === gone;
  if (isLast) return { ...base, state: 'dead', status, message };
  const waitMs = waitBefore(attempts, outcome, { ...policy, longestMs: policy.longestWaitMs }, random);
  return { ...base, state: 'waiting', waitMs, status, message };
}

/** What attempts say of their receiver; null when they say nothing. One success outweighs failures beside it. */
export function healthOf(
  target: { name: string; failures: number },
  outcomes: readonly Outcome[],
  policy: SendPolicy,
  random: Random,
): Omit<WebhookHealth, 'holder'> | null {
  const health = { name: target.name, failure: null, pauseMs: 0, disabledWhy: null };
  if (outcomes.some(({ kind }) => kind === 'delivered')) return health;
  const failure = outcomes.find((outcome) => outcome.kind === 'failed');
  if (failure === undefined) return null;
  const { status, message } = failure;
  if (status === gone) return { ...health, failure: message, disabledWhy: message };
  if (ofTheMessage.has(status)) return { ...health, failure: message };
  const pause = { ...policy, longestMs: policy.longestPauseMs };
  return { ...health, failure: message, pauseMs: waitBefore(target.failures + 1, failure, pause, random) };
}

/** Exponential, with the upper half of it left to chance; no less than the receiver asked for, within the bound. */
function waitBefore(
  attempts: number,
  { retryAfterSeconds }: { retryAfterSeconds: number | null },
  { firstWaitMs, longestMs }: { firstWaitMs: number; longestMs: number },
  random: Random,
): number {
  const ceilingMs = Math.min(longestMs, firstWaitMs * 2 ** Math.min(attempts - 1, 30));
  const askedMs = Math.min((retryAfterSeconds ?? 0) * 1000, longestMs);
  return Math.round(Math.max(askedMs, ceilingMs * (0.5 + random() / 2)));
}
