/** Time as the consumer sees it; injected, so that tests decide what time it is. `@verdict/process` has the real one. */
export interface Clock {
  /** Milliseconds since some fixed instant; never goes back. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
