import { Problem } from '@verdict/contracts';
import { PlatformUnavailable } from './platform-error.ts';

/** `fetch`, or something that behaves like it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, starting with a slash. */
  path: string;
  headers?: Record<string, string>;
  /** JSON text. */
  body?: string;
}

/** What came back: status, body as parsed JSON (undefined when empty or no JSON), Retry-After. */
export interface HttpAnswer {
  status: number;
  body: unknown;
  retryAfterMs: number | undefined;
}

/** Sends one request, once. Rejects with `PlatformUnavailable` when no whole answer arrived in time. */
export type HttpExchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Gives the W3C trace context of now, if there is one. */
export type TraceHeaders = () => { readonly traceparent?: string };

/** What an exchange is made of. */
export interface HttpExchangeOptions {
  /** Base URL without a slash at its end. */
  url: string;
  fetch: Fetch;
  timeoutMs: number;
  nowMs: () => number;
  /** Aborts every request under way. */
  signal: AbortSignal | undefined;
  traceHeaders?: TraceHeaders | undefined;
}

/** Makes the function that sends one request and reads its whole answer. */
export function httpExchange(options: HttpExchangeOptions): HttpExchange {
  const { url, fetch, timeoutMs, nowMs, signal: stop } = options;
  return async (request) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = stop === undefined ? timeout : AbortSignal.any([stop, timeout]);
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...options.traceHeaders?.(),
      ...request.headers,
    };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    try {
      const response = await fetch(url + request.path, {
        method: request.method,
        headers,
        body: request.body ?? null,
        signal,
        // A redirect would carry the token to a place that nobody named.
        redirect: 'error',
      });
      return {
        status: response.status,
        body: parseJson(await response.text()),
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), nowMs()),
      };
    } catch (error) {
      stop?.throwIfAborted();
      const why = timeout.aborted ? `did not answer within ${timeoutMs} ms` : unreachable(error);
      throw new PlatformUnavailable(`${url} ${why}`, { cause: error });
    }
  };
}

/** The problem in an answer; one is made up where the body holds none (a proxy's page, an empty body). */
export function problemOf(answer: HttpAnswer): Problem {
  const parsed = Problem.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  return { type: 'about:blank', title: `HTTP status ${answer.status}`, status: answer.status };
}

/** Whether the request certainly never reached the platform, so that repeating it is safe whatever it does. */
export function neverSent(error: PlatformUnavailable): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(networkCode(error.cause) ?? '');
}

function unreachable(error: unknown): string {
  const code = networkCode(error);
  if (code === 'ECONNREFUSED') return 'cannot be reached: nothing listens there (connection refused)';
  if (code !== undefined) return `cannot be reached (${code})`;
  const said = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `cannot be reached (${said instanceof Error ? said.message : String(said)})`;
}

/** The system's error code: `fetch` hides it in the cause, and for names with several addresses one level deeper. */
function networkCode(error: unknown): string | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // No JSON: the caller's schema, or the status alone, decides what that means.
    return undefined;
  }
}

/** Retry-After is a number of seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
