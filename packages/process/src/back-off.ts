/** Waits that grow while something keeps failing. */
export interface BackOff {
  /** Milliseconds to wait before the next try. */
  nextMs(): number;
  /** Call after a success: the next wait is short again. */
  reset(): void;
}

/**
 * Exponential back-off with full jitter: the n-th wait is drawn evenly from
 * [firstMs / 2, min(maxMs, firstMs · 2ⁿ)], so that processes that failed together do not come back together.
 * `random` gives numbers in [0, 1).
 */
export function backOff(options: { firstMs: number; maxMs: number; random?: () => number }): BackOff {
  const { firstMs, maxMs, random = Math.random } = options;
  let ceilingMs = firstMs;
  return {
    nextMs() {
      const floorMs = Math.min(firstMs / 2, maxMs);
      const waitMs = floorMs + random() * (ceilingMs - floorMs);
      ceilingMs = Math.min(maxMs, ceilingMs * 2);
      return waitMs;
    },
    reset() {
      ceilingMs = firstMs;
    },
  };
}
