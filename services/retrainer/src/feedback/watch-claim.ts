import type { FeedbackClaim } from './consume-feedback.ts';

/** Whoever holds this partition of the feedback hub watches trust: there is always one, and only one who holds it. */
const watchedPartition = '0';

/**
 * Consumes a claimed partition; with the one that carries the watch, watches as well. When either ends, so does the
 * other, and both have ended when this does. Throws what the first of them threw.
 */
export async function watchClaim(
  claim: FeedbackClaim,
  parts: { consume: (claim: FeedbackClaim) => Promise<void>; watch: (signal: AbortSignal) => Promise<void> },
): Promise<void> {
  if (claim.partition !== watchedPartition) return parts.consume(claim);
  const either = new AbortController();
  const signal = AbortSignal.any([claim.signal, either.signal]);
  let failed: { readonly error: unknown } | null = null;
  const end = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      failed ??= { error };
    } finally {
      either.abort();
    }
  };
  await Promise.all([end(parts.consume({ ...claim, signal })), end(parts.watch(signal))]);
  if (failed !== null) throw (failed as { error: unknown }).error;
}
