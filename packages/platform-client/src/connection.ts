import type { TokenRequest, TokenResponse } from '@verdict/contracts';
import { type ClientClock, machineClock } from './client-clock.ts';
import { type Fetch, type HttpExchange, httpExchange } from './http-exchange.ts';
import { tokenExchange } from './platform-call.ts';
import { defaultRetryPolicy, type Retry, type RetryContext, type RetryPolicy } from './retry-policy.ts';

/** How a gateway is reached; only `url` is needed. */
export interface ConnectionOptions {
  /** Base URL of the gateway, such as `http://127.0.0.1:8080`. */
  url: string;
  fetch?: Fetch;
  clock?: ClientClock;
  /** Uniform in [0, 1), for the jitter of waits. */
  random?: () => number;
  /** How long one request may take. Default 10 s. */
  timeoutMs?: number;
  retry?: Partial<RetryPolicy>;
  /** Told before each wait for another try. */
  onRetry?: (retry: Retry) => void;
  /** Aborts every call under way and every later one. */
  signal?: AbortSignal;
}

/** Fills in the defaults. */
export function connection(options: ConnectionOptions): { exchange: HttpExchange; retry: RetryContext } {
  const clock = options.clock ?? machineClock;
  const exchange = httpExchange({
    url: options.url.replace(/\/+$/, ''),
    fetch: options.fetch ?? fetch,
    timeoutMs: options.timeoutMs ?? 10_000,
    nowMs: clock.nowMs,
    signal: options.signal,
  });
  const retry: RetryContext = {
    policy: { ...defaultRetryPolicy, ...options.retry },
    clock,
    random: options.random ?? Math.random,
    signal: options.signal,
    onRetry: options.onRetry,
  };
  return { exchange, retry };
}

/** Exchanges a password for an access token, once; for whoever keeps the token instead of the password. */
export async function requestToken(
  options: ConnectionOptions,
  request: TokenRequest,
): Promise<TokenResponse> {
  const { exchange, retry } = connection(options);
  return tokenExchange(exchange, retry)(request);
}
