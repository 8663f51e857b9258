import { type LogInRequest, TokenResponse } from '@verdict/contracts';
import type { z } from 'zod';
import { accessToken, type Credentials } from './access-token.ts';
import { type HttpAnswer, type HttpExchange, type HttpRequest, problemOf } from './http-exchange.ts';
import { PlatformAnswerUnexpected, PlatformRefused, PlatformUnavailable } from './platform-error.ts';
import { type RetryContext, withRetries } from './retry-policy.ts';

/** A call of the API. */
export interface Call extends HttpRequest {
  /** Whether doing it twice has the same effect as once; true unless said otherwise. */
  repeatable?: boolean;
  /** A status besides 2xx that is an answer, not an error. */
  accept?: number;
}

/** Sends a call with a token and retries, and gives the answer: 2xx or the accepted status. */
export type PlatformCall = (call: Call) => Promise<HttpAnswer>;

/** Makes the function that exchanges a password for a token, with retries. */
export function tokenExchange(exchange: HttpExchange, retry: RetryContext) {
  return async (request: LogInRequest): Promise<TokenResponse> => {
    const call: Call = { method: 'POST', path: '/auth/token', body: JSON.stringify(request) };
    return understand(TokenResponse, call, settle(await withRetries(retry, true, () => exchange(call))));
  };
}

/**
 * Makes calls with authorisation: a bearer token on each, and one repetition with a new token after a 401.
 * Rejects with `PlatformUnavailable` or `PlatformRefused`.
 */
export function platformCall(
  exchange: HttpExchange,
  credentials: Credentials,
  retry: RetryContext,
): PlatformCall {
  const tokens = accessToken(credentials, tokenExchange(exchange, retry), retry.clock.nowMs);

  async function authorised(call: Call): Promise<HttpAnswer> {
    const token = await tokens.current();
    const headers = { ...call.headers, authorization: `Bearer ${token}` };
    const answer = await withRetries(retry, call.repeatable ?? true, () => exchange({ ...call, headers }));
    if (answer.status === 401) tokens.refuse(token);
    return answer;
  }

  return async (call) => {
    const first = await authorised(call);
    return settle(first.status === 401 ? await authorised(call) : first, call.accept);
  };
}

/** Lets a good answer pass and throws the typed error for any other. */
export function settle(answer: HttpAnswer, accept?: number): HttpAnswer {
  const { status, retryAfterMs } = answer;
  if ((status >= 200 && status < 300) || status === accept) return answer;
  const problem = problemOf(answer);
  if (status >= 400 && status < 500 && status !== 429) throw new PlatformRefused(problem);
  const said = problem.detail ?? problem.title;
  throw new PlatformUnavailable(`the platform answered ${status}: ${said}`, {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Validates an answer's body. Throws `PlatformAnswerUnexpected` naming the first field that does not fit. */
export function understand<T>(schema: z.ZodType<T>, call: HttpRequest, answer: HttpAnswer): T {
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.') || 'body'}: ${issue.message})`;
  throw new PlatformAnswerUnexpected(
    `the answer to ${call.method} ${call.path.split('?')[0]} is not what this version expects${where}`,
  );
}
