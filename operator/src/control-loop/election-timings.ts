/** Times of a leader election; they must lie as in client-go: lease > renew deadline > 1.2 × retry. */
export interface ElectionTimings {
  /** Others wait so long without seeing a renewal before they take over. */
  readonly leaseMs: number;
  /** A leader that cannot renew for so long stops. */
  readonly renewDeadlineMs: number;
  /** Between tries. */
  readonly retryMs: number;
}

export const defaultTimings: ElectionTimings = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };

/** Spread of the waits of those who want to lead, so that they do not come all at once. */
export const jitterFactor = 1.2;

export function checkTimings({ leaseMs, renewDeadlineMs, retryMs }: ElectionTimings): void {
  if (leaseMs < 1000) throw new Error('a lease of less than a second cannot be written down');
  if (leaseMs <= renewDeadlineMs) throw new Error('the lease must be longer than the renew deadline');
  if (renewDeadlineMs <= retryMs * jitterFactor)
    throw new Error('the renew deadline must be longer than 1.2 retries');
  if (retryMs <= 0) throw new Error('the retry must be longer than nothing');
}
