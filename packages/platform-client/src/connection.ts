import { LoggedOut, type LogInRequest, TokenResponse } from '@verdict/contracts';
import type { z } from 'zod';
import { type ClientClock, machineClock } from './client-clock.ts';
import { type Fetch, type HttpExchange, httpExchange, type TraceHeaders } from './http-exchange.ts';
import { type Call, settle, tokenExchange, understand } from './platform-call.ts';
import {
  defaultRetryPolicy,
  type Retry,
  type RetryContext,
  type RetryPolicy,
  withRetries,
} from './retry-policy.ts';

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
  /** Header (W3C trace context) by which the gateway goes on in the caller's trace. */
  traceHeaders?: TraceHeaders;
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
    traceHeaders: options.traceHeaders,
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

/**
 * Exchanges a password for an access token, once; for whoever keeps the token instead of the password. With
 * `session: 'token'` a refresh token comes along.
 */
export async function requestToken(
  options: ConnectionOptions,
  request: LogInRequest,
): Promise<TokenResponse> {
  const { exchange, retry } = connection(options);
  return tokenExchange(exchange, retry)(request);
}

/**
 * Exchanges a refresh token for an access token and the next refresh token. Rejects with `PlatformRefused` (401) when
 * the log-in is over. Repeating it within seconds gives the same answer, so a lost one is harmless.
 */
export async function renewToken(options: ConnectionOptions, refreshToken: string): Promise<TokenResponse> {
  return withRefreshToken(options, { path: '/auth/refresh', schema: TokenResponse, refreshToken });
}

/** Ends the log-in that a refresh token belongs to; gives how many were ended (0 when it was over already). */
export async function endLogIn(options: ConnectionOptions, refreshToken: string): Promise<number> {
  return (await withRefreshToken(options, { path: '/auth/log-out', schema: LoggedOut, refreshToken })).ended;
}

async function withRefreshToken<T>(
  options: ConnectionOptions,
  { path, schema, refreshToken }: { path: string; schema: z.ZodType<T>; refreshToken: string },
): Promise<T> {
  const { exchange, retry } = connection(options);
  const call: Call = { method: 'POST', path, body: JSON.stringify({ refresh_token: refreshToken }) };
  return understand(schema, call, settle(await withRetries(retry, true, () => exchange(call))));
}
