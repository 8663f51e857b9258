import { isExpired, KubeError } from './kube-error.ts';

/** What may happen if a request is sent again although the server did the first one. */
export type Repeatable =
  /** Nothing: it only reads. */
  | 'read'
  /** Nothing: apply, delete by uid. */
  | 'idempotent'
  /** Another answer than the first time would have had: create, replace. */
  | 'once';

const firstWaitMs = 100;
const maxWaitMs = 10_000;

/**
 * Milliseconds to wait before a failed request is sent again, or undefined: then the caller must decide.
 * 429 and 5xx only; a lost connection for reads; a 5xx without Retry-After not for what must be sent once. The wait is
 * what the server asked for (given up if that is more than 10 s) or doubles from 100 ms; jitter only ever adds.
 */
export function retryWait(
  error: unknown,
  attempt: { readonly retries: number; readonly repeatable: Repeatable; readonly random: () => number },
): number | undefined {
  // A version out of reach stays so, whatever status it is dressed in (504, with a Retry-After).
  if (!(error instanceof KubeError) || isExpired(error)) return undefined;
  const { status, retryAfterMs } = error;
  const { retries, repeatable, random } = attempt;
  const told = status === 429 || (status >= 500 && retryAfterMs !== undefined);
  const broken = status >= 500 && repeatable !== 'once';
  const lost = status === 0 && error.reason === 'Unreachable' && repeatable === 'read';
  if (!told && !broken && !lost) return undefined;
  const baseMs = retryAfterMs ?? Math.min(maxWaitMs, firstWaitMs * 2 ** retries);
  return baseMs > maxWaitMs ? undefined : baseMs + random() * Math.max(firstWaitMs, baseMs / 2);
}
