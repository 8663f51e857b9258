/** What a request may be at most, before anything of it is understood. Routes may say less or more for themselves. */
export const edgeLimits = {
  /** Request line and headers together; more is answered with 431. */
  headerBytes: 16 * 1024,
  /** Path and query; more is answered with 414. */
  urlChars: 8192,
  /** Time for the request line and headers, then 408. */
  headersMs: 10_000,
  /** Time for a whole request as it comes in, whatever its route, then 408. */
  requestMs: 60_000,
  /** How often the two above are looked at. */
  checkEveryMs: 2000,
  /** A connection without requests is closed. Longer than the minute that proxies and load balancers keep one. */
  idleMs: 65_000,
  /** Largest JSON body, bytes, after decompression; more is answered with 413. */
  bodyBytes: 64 * 1024,
  /** Objects and lists within each other in a JSON body; more is answered with 400. */
  jsonDepth: 32,
  /** Time until a route has answered, its body included: 408 when the body is what was waited for, else 503. */
  answerMs: 20_000,
} as const;
